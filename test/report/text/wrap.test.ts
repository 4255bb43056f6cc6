import fc from 'fast-check';
import { expect, it } from 'vitest';
import { widthOf } from '../../../src/report/text/width.ts';
import { folded } from '../../../src/report/text/wrap.ts';

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
