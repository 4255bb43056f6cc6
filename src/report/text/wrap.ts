import wrapAnsi from 'wrap-ansi';
import { widthOf } from './width.ts';

/** Text below its first line as far in as it began, broken at spaces, and inside a word that is too long. */
export const hanging = (label: string, text: string, columns: number | undefined): string => {
  if (columns === undefined) return `${label}${text}`;
  const room = Math.max(MIN_ROOM, columns - label.length);
  const rows = wrapAnsi(text.replace(IN_BRACKETS, TIED), room, { hard: true }).replaceAll(TIED, ' ');
  return `${label}${rows.replaceAll('\n', `\n${' '.repeat(label.length)}`)}`;
};

/** A space inside brackets. */
const IN_BRACKETS = /(?<=\([^()]*) (?=[^()]*\))/g;

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
  const rows = brokenFurther(phrases, room);
  return rows.map((row, index) => (index > 0 ? indented(row, `${indent}${FURTHER_IN}`, columns) : `${indent}${row}`));
};

/** Phrases below each other; one that had to be broken itself is followed by the next on its last row. */
const brokenFurther = (phrases: readonly string[], room: number): readonly string[] => {
  const rows: string[] = [];
  let wasBroken = false;
  for (const phrase of phrases) {
    const before: string = wasBroken && rows.at(-1)?.endsWith(',') ? `${rows.pop()} ` : '';
    const words = `${before}${phrase.replaceAll(TIED, ' ')}`.replace(BEFORE_A_UNIT, TIED);
    const broken = wrapAnsi(words, room).replaceAll(TIED, ' ').split('\n');
    wasBroken = broken.length > 1;
    rows.push(...broken);
  }
  return rows;
};

/** Less far in where the row is one long word that finds room so; but never at the start of the line. */
const indented = (row: string, indent: string, columns: number): string =>
  indent.slice(0, Math.max(1, Math.min(indent.length, columns - widthOf(row)))) + row;

const FURTHER_IN = '  ';
/** A space that no other is beside and no comma before. */
const WITHIN_A_PHRASE = /(?<![, ]) (?! )/g;
/** A space between a number and its unit. */
const BEFORE_A_UNIT = /(?<=\d) (?=(?:[KMG]?i?B|ms|s|m|h)\b)/g;
const TIED = '\u00a0';
