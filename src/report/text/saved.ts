import type { SavedLine } from '../../core/schema/results/saved.ts';
import { bytes, counted, duration } from './format.ts';
import { type Column, tableLines } from './table.ts';
import { printable, printableName } from './text.ts';
import { hanging } from './wrap.ts';

/** What a narrow window leaves out: a saved upload can be named by its file. */
const COLUMNS: readonly Column[] = [
  { heading: 'STATE', dropped: 0 },
  { heading: 'DONE', dropped: 1 },
  { heading: 'PARTS', dropped: 4 },
  { heading: 'LEFT', dropped: 3 },
  { heading: 'UPLOAD', dropped: 2 },
  { heading: 'FILE', dropped: 0 },
];

/** Saved uploads in columns, with a heading; in a window of so many columns, if it is one. */
export const savedTable = (saved: readonly SavedLine[], nowMs: number, columns?: number): readonly string[] =>
  tableLines(
    COLUMNS,
    saved.map(one => rowOf(one, nowMs)),
    columns,
  );

const rowOf = (saved: SavedLine, nowMs: number): string[] => [
  saved.state,
  `${Math.floor((saved.bytes_done * 100) / saved.bytes)}% of ${bytes(saved.bytes)}`,
  `${saved.parts.done}/${saved.parts.total}`,
  timeLeft(saved, nowMs),
  printableName(saved.upload_id),
  printableName(saved.path),
];

/** One saved upload, a line for each thing known of it; wrapped in a window of so many columns. */
export const savedDetails = (saved: SavedLine, nowMs: number, columns?: number): readonly string[] =>
  [
    ['upload   ', `${printableName(saved.upload_id)} (${saved.state})`],
    [
      'file     ',
      `${printableName(saved.path)} as "${printableName(saved.filename)}", purpose ${printable(saved.purpose)}`,
    ],
    [
      'done     ',
      `${bytes(saved.bytes_done)} of ${bytes(saved.bytes)}, ${saved.parts.done} of ${counted(saved.parts.total, 'part')}`,
    ],
    ['expires  ', expiryOf(saved, nowMs)],
    ['at       ', printable(saved.base_url)],
  ].map(([label = '', text = '']) => hanging(label, text, columns));

const expiryOf = (saved: SavedLine, nowMs: number): string =>
  saved.expires_at === null
    ? 'not known'
    : `${new Date(saved.expires_at * 1000).toISOString()} (${timeLeft(saved, nowMs)})`;

const timeLeft = ({ expires_at }: SavedLine, nowMs: number): string => {
  if (expires_at === null) return '?';
  const leftMs = expires_at * 1000 - nowMs;
  return leftMs > 0 ? duration(leftMs) : 'over';
};
