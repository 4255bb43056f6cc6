import fc from 'fast-check';
import { expect, it } from 'vitest';
import { widthOf } from '../../../src/report/text/width.ts';
import { folded, hanging } from '../../../src/report/text/wrap.ts';

const END = '✓ data.jsonl → file-abc  20 MiB in 1.2 s (12.3 MiB/s), md5 verified by the server';

it('breaks a long line at its spaces, and goes on further in', () => {
  expect(folded(END, 82)).toEqual([END]);
  expect(folded(END, 40)).toEqual([
    '✓ data.jsonl → file-abc',
    '  20 MiB in 1.2 s (12.3 MiB/s),',
    '  md5 verified by the server',
  ]);
  expect(folded('  request id: req_1 of a long text', 20)).toEqual([
    '  request id:',
    '    req_1 of a long',
    '    text',
  ]);
});

it('goes on behind the end of a phrase that had to be broken itself', () => {
  const hint = 'hint: set OPENAI_API_KEY or name a file with --api-key-file; to try without a key, push with --local';
  expect(folded(hint, 80)).toEqual([
    'hint: set OPENAI_API_KEY or name a file with --api-key-file; to try without a',
    '  key, push with --local',
  ]);
  expect(folded("error: 'fine_tune' is not one of ['assistants', 'batch', 'vision'] - 'purpose'", 40)).toEqual([
    "error: 'fine_tune' is not one of",
    "  ['assistants', 'batch', 'vision'] -",
    "  'purpose'",
  ]);
});

it('16.7: keeps a number beside its unit, and a long word whole where it finds room less far in', () => {
  expect(folded('  a.jsonl: part 2: attempt 2 in 480 ms: no', 34)).toEqual([
    '  a.jsonl: part 2: attempt 2 in',
    '    480 ms: no',
  ]);
  const id = `(req_${'0'.repeat(32)})`;
  expect(folded(`  a.jsonl: the server answered 503 ${id}`, 40)).toEqual([
    '  a.jsonl: the server answered 503',
    `  ${id}`,
  ]);
  expect(folded(`  a.jsonl: the server answered 503 ${id}`, 36).at(-1)).toBe(` ${id}`);
});

it('16.7: a hanging text keeps what is in brackets together', () => {
  expect(hanging('expires  ', '2026-01-02T03:04:05.000Z (59 m 59 s)', 40)).toBe(
    'expires  2026-01-02T03:04:05.000Z\n         (59 m 59 s)',
  );
});

it('loses no word, and no row of words that fit is too wide', () => {
  const words = fc.array(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).map(word => word.normalize().replace(/\s/g, '_')),
  );
  fc.assert(
    fc.property(words, fc.integer({ min: 24, max: 200 }), (given, columns) => {
      const rows = folded(given.join(' '), columns);
      expect(rows.join(' ').split(/ +/).filter(Boolean)).toEqual(given.filter(Boolean));
      for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(columns);
    }),
  );
});
