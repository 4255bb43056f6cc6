import { grouped } from '../../core/policy/units.ts';
import type { Counts, Summary } from '../../core/schema/results/checked.ts';
import { bytes as size } from './format.ts';
import { INDENT, printable } from './text.ts';
import { widthOf } from './width.ts';

const RECORDS: Readonly<Record<string, string>> = { batch: 'requests', 'fine-tune': 'examples' };

/** Rows fit the narrowest terminal: 4 of margin, 10 of label, 26 of value. */
const [LABEL, VALUE] = [10, 26];

/** What a file holds, a row for each thing that it has; no row is wider than 40 columns unless one name is. */
export const summaryLines = (summary: Summary, purpose: string): readonly string[] =>
  rowsOf(summary, purpose).flatMap(([label, values]) =>
    wrapped(values).map((value, index) => `${INDENT}${INDENT}${(index === 0 ? label : '').padEnd(LABEL)}${value}`),
  );

type Row = readonly [label: string, values: readonly string[]];

function rowsOf(summary: Summary, purpose: string): readonly Row[] {
  const { records, formats, roles, models, urls, images, characters, longest_line: longest, largest_record } = summary;
  const rows: readonly Row[] = [
    [RECORDS[purpose] ?? 'items', [grouped(records)]],
    ['format', countsOf(formats, records)],
    ['model', countsOf(models, records)],
    ['url', countsOf(urls, records)],
    ['messages', countsOf(roles)],
    ['images', images > 0 ? [grouped(images)] : []],
    ['text', [`${grouped(characters)} ${characters === 1 ? 'character' : 'characters'}`]],
    ['tokens', [`about ${grouped(summary.estimated_tokens)}`, '(1 for 4 bytes of text)']],
    ['longest', longest ? [`line ${longest.line}`, size(longest.bytes)] : []],
    ['largest', largest_record ? [`line ${largest_record.line}`, about(largest_record.estimated_tokens)] : []],
  ];
  return rows.filter(([, values]) => values.length > 0);
}

const about = (tokens: number): string => `about ${grouped(tokens)} token${tokens === 1 ? '' : 's'}`;

/** `gpt-4o 12, o3 2`; the count is left out where it is that of all records. */
const countsOf = (counts: Counts, all?: number): readonly string[] =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => (count === all ? printable(name) : `${printable(name)} ${grouped(count)}`));

/** Values one after the other, on as many rows as they need. */
function wrapped(values: readonly string[]): readonly string[] {
  const rows: string[] = [];
  for (const value of values) {
    const last = rows.at(-1);
    if (last !== undefined && widthOf(last) + 2 + widthOf(value) <= VALUE) rows[rows.length - 1] = joined(last, value);
    else rows.push(value);
  }
  return rows;
}

const joined = (before: string, value: string): string => `${before}${value.startsWith('(') ? ' ' : ', '}${value}`;
