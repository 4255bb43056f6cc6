import type { SavedLine } from '../../core/model/saved-line.ts';
import { bytes, counted, duration } from './format.ts';
import { printable } from './text.ts';

/** Saved uploads in columns, with a heading. */
export const savedTable = (saved: readonly SavedLine[], nowMs: number): readonly string[] => {
  const rows = [['UPLOAD', 'STATE', 'DONE', 'PARTS', 'LEFT', 'FILE'], ...saved.map(one => rowOf(one, nowMs))];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0))) ?? [];
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

const rowOf = (saved: SavedLine, nowMs: number): string[] => [
  printable(saved.upload_id),
  saved.state,
  `${Math.floor((saved.bytes_done * 100) / saved.bytes)}% of ${bytes(saved.bytes)}`,
  `${saved.parts.done}/${saved.parts.total}`,
  timeLeft(saved, nowMs),
  printable(saved.path),
];

/** One saved upload, a line for each thing known of it. */
export const savedDetails = (saved: SavedLine, nowMs: number): readonly string[] => [
  `upload    ${printable(saved.upload_id)} (${saved.state})`,
  `file      ${printable(saved.path)} as "${printable(saved.filename)}", purpose ${printable(saved.purpose)}`,
  `done      ${bytes(saved.bytes_done)} of ${bytes(saved.bytes)}, ${saved.parts.done} of ${counted(saved.parts.total, 'part')}`,
  `expires   ${saved.expires_at === null ? 'not known' : `${new Date(saved.expires_at * 1000).toISOString()} (${timeLeft(saved, nowMs)})`}`,
  `at        ${printable(saved.base_url)}`,
];

const timeLeft = ({ expires_at }: SavedLine, nowMs: number): string => {
  if (expires_at === null) return '?';
  const leftMs = expires_at * 1000 - nowMs;
  return leftMs > 0 ? duration(leftMs) : 'over';
};
