import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SavedLine } from '../../../src/core/schema/results/saved.ts';
import { checkRow } from '../../../src/report/text/doctor.ts';
import { savedDetails, savedTable } from '../../../src/report/text/saved.ts';
import { column, cut, widthOf } from '../../../src/report/text/width.ts';
import { completing, MiB, moving, sent } from '../events.ts';
import { shown } from '../shown.ts';

const FAMILY = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}';
const FLAG = '\u{1f1e9}\u{1f1ea}';
const ENGLAND = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}';

/** Each of them is one character to a reader. */
const CHARACTERS: readonly (readonly [string, string, number])[] = [
  ['a letter', 'a', 1],
  ['a letter with a combining mark', 'e\u0301', 1],
  ['a letter with three', 'a\u0300\u0301\u0302', 1],
  ['a wide character', '\u65e5', 2],
  ['Hangul', '\ud55c', 2],
  ['Hangul in pieces', '\u1112\u1161\u11ab', 2],
  ['a full-width letter', '\uff21', 2],
  ['an emoji', '\u{1f600}', 2],
  ['one with a skin tone', '\u{1f44d}\u{1f3fd}', 2],
  ['a family, joined', FAMILY, 2],
  ['a flag', FLAG, 2],
  ['the flag of a region', ENGLAND, 2],
  ['a heart as an emoji', '\u2764\ufe0f', 2],
  ['a keycap', '1\ufe0f\u20e3', 2],
];

const names = fc
  .array(fc.constantFrom(...CHARACTERS.map(([, text]) => text), '/', '.', '-', 'x'), { minLength: 1, maxLength: 80 })
  .map(parts => parts.join(''));

describe('13.8: widths on a screen', () => {
  test.each(CHARACTERS)('%s', (_name, text, columns) => {
    expect(widthOf(text)).toBe(columns);
    expect(column(text, 4)).toBe(text + ' '.repeat(4 - columns));
    // It is whole or it is not there.
    expect([`\u2026${text}`, '\u2026']).toContain(
      column(`wwwww${text}`, 3)
        .trimEnd()
        .replace(/^\u2026w*/, '\u2026'),
    );
    expect(cut(`${text.repeat(9)}`, 5).replaceAll(text, '')).toBe('\u2026');
  });

  test('a name of any of them is cut and filled to its columns', () => {
    fc.assert(
      fc.property(
        names,
        fc.integer({ min: 1, max: 100 }),
        fc.constantFrom('\u2026', '...'),
        (name, columns, ellipsis) => {
          expect(widthOf(column(name, columns, ellipsis))).toBe(columns);
          expect(widthOf(cut(name, columns, ellipsis))).toBeLessThanOrEqual(columns);
          if (widthOf(name) <= columns) expect(cut(name, columns, ellipsis)).toBe(name);
        },
      ),
    );
  });

  test.each([40, 80])('no row of a bar is wider than %i columns', async columns => {
    await fc.assert(
      fc.asyncProperty(names, names, async (one, other) => {
        const { show, pass, reporter, text } = await shown({ files: 2 }, { columns });
        show(one, moving);
        show(`${other}2`, moving);
        pass(3000);
        show(one, [sent(1, MiB), completing]);
        expect(widest(text())).toBeLessThan(columns);
        reporter.close();
      }),
      { numRuns: 50 },
    );
  });

  test.each([40, 80])('no line of list, show and doctor is wider than %i columns', columns => {
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 5 }), paths => {
        const saved = paths.map(path => savedAs(path));
        const [first] = saved;
        const row = checkRow(
          { check: 'upload', verdict: 'warning', message: `slow: ${paths[0]}`, hint: `look at ${paths[0]}`, facts: {} },
          columns,
        );
        const lines = [...savedTable(saved, 0, columns), ...(first ? savedDetails(first, 0, columns) : []), ...row];
        for (const line of lines.join('\n').split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
      }),
    );
  });

  test('columns of list stay below their headings, whatever the names', () => {
    expect(savedTable([savedAs('a.jsonl'), savedAs(`${FAMILY}\u65e5.jsonl`, `${FLAG}.`)], 0)).toEqual([
      'STATE      DONE           PARTS  LEFT  UPLOAD      FILE',
      'resumable  50% of 20 MiB  1/2    1 m   upload_abc  a.jsonl',
      `resumable  50% of 20 MiB  1/2    1 m   ${FLAG}.         ${FAMILY}\u65e5.jsonl`,
    ]);
  });
});

const savedAs = (path: string, id = 'upload_abc'): SavedLine => ({
  path,
  filename: path,
  purpose: 'batch',
  bytes: 20 * MiB,
  bytes_done: 10 * MiB,
  parts: { total: 2, done: 1 },
  upload_id: id,
  expires_at: 60,
  state: 'resumable',
  base_url: 'https://api.openai.com/v1',
  created_at: 0,
});

const widest = (text: string): number =>
  Math.max(
    ...stripVTControlCharacters(text)
      .split(/[\r\n]/)
      .map(line => widthOf(line)),
  );
