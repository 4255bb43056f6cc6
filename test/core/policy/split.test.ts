import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSplitter, estimatedTokens, nameOfPiece, type SplitLimits } from '../../../src/core/policy/split.ts';

const none: SplitLimits = { bytes: Infinity, lines: Infinity, tokens: Infinity };
const lines = fc.array(
  fc.string({ maxLength: 40 }).map(text => text.replaceAll('\n', ' ')),
  { minLength: 1, maxLength: 60 },
);

const rangesOf = (bytes: Buffer, limits: SplitLimits, chunk: number) => {
  const splitter = createSplitter(limits);
  for (let at = 0; at < bytes.length; at += chunk) splitter.write(bytes.subarray(at, at + chunk));
  return splitter.end();
};

it('15.4: the pieces are the file, each within every limit and of whole lines, however the bytes come', () => {
  fc.assert(
    fc.property(
      lines,
      fc.boolean(),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 200, max: 600 }),
      fc.integer({ min: 1, max: 100 }),
      (all, ended, most, size, chunk) => {
        const bytes = Buffer.from(all.join('\n') + (ended ? '\n' : 'x'));
        const limits = { bytes: size, lines: most, tokens: 100 };
        const ranges = rangesOf(bytes, limits, chunk);
        expect(ranges).toEqual(rangesOf(bytes, limits, bytes.length));
        expect(Buffer.concat(ranges.map(({ start, end }) => bytes.subarray(start, end))).equals(bytes)).toBe(true);
        let line = 1;
        for (const { start, end, firstLine, lines: count } of ranges) {
          const piece = bytes.subarray(start, end).toString();
          const found = piece.split('\n').length - (piece.endsWith('\n') ? 1 : 0);
          expect([firstLine, count]).toEqual([line, found]);
          expect(end - start).toBeLessThanOrEqual(size);
          expect(count).toBeLessThanOrEqual(most);
          line += count;
        }
      },
    ),
  );
});

it('15.4: no piece could take the next line too', () => {
  fc.assert(
    fc.property(lines, fc.integer({ min: 50, max: 300 }), (all, size) => {
      const bytes = Buffer.from(`${all.join('\n')}\n`);
      const longest = Math.max(...all.map(one => Buffer.byteLength(one) + 1));
      const ranges = rangesOf(bytes, { ...none, bytes: Math.max(size, longest) }, 1000);
      for (const [index, { start }] of ranges.entries()) {
        const next = ranges[index + 1];
        if (!next) continue;
        const line = bytes.indexOf(10, next.start) + 1;
        expect(line - start).toBeGreaterThan(Math.max(size, longest));
      }
    }),
  );
});

it('15.4: a line that alone is above a limit is refused by its number', () => {
  const bytes = Buffer.from(`short\n${'x'.repeat(100)}\nshort\n`);
  expect(() => rangesOf(bytes, { ...none, bytes: 50 }, 7)).toThrow(/line 2 alone, of 101 bytes/);
  expect(() => rangesOf(bytes, { ...none, tokens: 10 }, 7)).toThrow(/line 2 alone/);
  expect(estimatedTokens(101)).toBe(26);
});

it('15.4: names pieces so that they sort', () => {
  expect(nameOfPiece('data.jsonl', 2, 4)).toBe('data-002-of-004.jsonl');
  expect(nameOfPiece('a.b.jsonl', 12, 1234)).toBe('a.b-0012-of-1234.jsonl');
  expect(nameOfPiece('plain', 1, 2)).toBe('plain-001-of-002');
});

it('each piece is as long as the limit of tokens allows, and no shorter', () => {
  // 8 bytes, 2 tokens a line.
  const bytes = Buffer.from('1234567\n'.repeat(5));
  const lengths = (tokens: number) => rangesOf(bytes, { ...none, tokens }, 3).map(({ lines: count }) => count);
  expect(lengths(2)).toEqual([1, 1, 1, 1, 1]);
  expect(lengths(4)).toEqual([2, 2, 1]);
  expect(lengths(5)).toEqual([2, 2, 1]);
  expect(lengths(10)).toEqual([5]);
  expect(() => lengths(1)).toThrow(
    expect.objectContaining({
      code: 'SOURCE',
      reason: 'line-too-large',
      message: 'line 1 alone, of 8 bytes, is above the limit of one File',
      hint: 'raise the limit or shorten the line',
    }),
  );
});

it('a file without a byte has no pieces', () => {
  expect(createSplitter(none).end()).toEqual([]);
});

it.each([
  ['data', 'data-002-of-004'],
  ['a.b.jsonl', 'a.b-002-of-004.jsonl'],
  ['.jsonl', '-002-of-004.jsonl'],
])('%s in pieces is %s', (name, piece) => expect(nameOfPiece(name, 2, 4)).toBe(piece));
