import wrapAnsi from 'wrap-ansi';
import { widthOf } from './width.ts';

/** Text below its first line as far in as it began, broken at spaces, and inside a word that is too long. */
export const hanging = (label: string, text: string, columns: number | undefined): string => {
  if (columns === undefined) return `${label}${text}`;
  const room = Math.max(MIN_ROOM, columns - label.length);
  return `${label}${wrapAnsi(text, room, { hard: true }).replaceAll('\n', `\n${' '.repeat(label.length)}`)}`;
};

/** A window that is narrower is left to wrap. */
const MIN_ROOM = 10;

/**
 * A line as rows that fit, broken between its columns and after its commas, and only where that is not enough between
 * words; rows after the first are further in. A longer word stays whole, to be copied.
 */
export const folded = (line: string, columns: number | undefined): readonly string[] => {
  if (columns === undefined || widthOf(line) <= columns) return [line];
  const text = line.trimStart();
  const indent = ' '.repeat(line.length - text.length);
  const room = Math.max(MIN_ROOM, columns - indent.length - FURTHER_IN.length);
  const phrases = wrapAnsi(text.replace(WITHIN_A_PHRASE, TIED), room).split('\n');
  const rows = phrases.flatMap(row => wrapAnsi(row.replaceAll(TIED, ' '), room).split('\n'));
  return rows.map((row, index) => `${indent}${index > 0 ? FURTHER_IN : ''}${row}`);
};

const FURTHER_IN = '  ';
/** A space that no other is beside and no comma before. */
const WITHIN_A_PHRASE = /(?<![, ]) (?! )/g;
const TIED = '\u00a0';
