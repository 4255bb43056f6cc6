import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutOf } from '../../../src/report/terminal/layout.ts';
import { bytes, duration, percent, rate, share, wait } from '../../../src/report/text/format.ts';
import { printable } from '../../../src/report/text/text.ts';
import { column, cut, widthOf } from '../../../src/report/text/width.ts';

test('sizes, speeds and times read as people write them', () => {
  expect([bytes(1.5 * 2 ** 30), rate(175 * 2 ** 20), share(1.2 * 2 ** 30, 2 ** 31), share(512, 2 ** 20)]).toEqual([
    '1.5 GiB',
    '175 MiB/s',
    '1.2/2 GiB',
    '512 B/1 MiB',
  ]);
  expect([300, 1234, 12_345, 72_000, 90_061_000].map(duration)).toEqual([
    '300 ms',
    '1.2 s',
    '12 s',
    '1 m 12 s',
    '1 d 1 h',
  ]);
  expect([wait(11_001), percent(0.999), percent(1), percent(Number.NaN)]).toEqual(['12 s', '99%', '100%', '0%']);
});

test('text is cut and filled to columns, wide characters count twice', () => {
  expect([widthOf('data'), widthOf('日本語'), widthOf('e\u0301')]).toEqual([4, 6, 1]);
  expect(cut('abcdefgh', 5)).toBe('abcd…');
  expect(column('some/folder/data.jsonl', 12)).toBe('…/data.jsonl');
  expect(column('日本語.jsonl', 9)).toBe('… .jsonl'.padEnd(9).replace('… ', '…語').slice(0, 8));
});

test('no text is wider than asked for, and none can hold a control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 60 }), (text, columns) => {
      expect(widthOf(column(printable(text), columns))).toBe(columns);
      expect(widthOf(cut(printable(text), columns))).toBeLessThanOrEqual(columns);
      expect(printable(text)).not.toMatch(/\p{Cc}/u);
    }),
  );
});

test('a row never needs more than the window, and its bar keeps 8 columns from 24 on', () => {
  for (let columns = 1; columns <= 250; columns += 1)
    for (const name of [1, 10, 60]) {
      const { name: width, bar, fields } = layoutOf(columns, name);
      if (columns >= 24) expect(bar, `${columns} columns`).toBeGreaterThanOrEqual(8);
      if (columns >= 40) expect(fields).toContain('left');
      expect(width + 1 + bar).toBeLessThan(Math.max(columns, 3));
    }
});
