import type { Output } from '../output/streams.ts';
import { widthOf } from '../text/width.ts';
import { folded } from '../text/wrap.ts';

/** The rows at the bottom of a terminal that are drawn over again and again. */
export type Screen = {
  /** Lines that stay, above the rows as they are now. Without rows the cursor is back. Writes nothing where nothing changed. */
  draw(lines: readonly string[], rows: readonly string[]): void;
};

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_RIGHT = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** Every frame is one write, so nothing else can come between its pieces. */
export const createScreen = (output: Output, columns: () => number): Screen => {
  let shown: readonly string[] = [];
  let drawnColumns = columns();
  let hidden = false;

  /** A narrower window has wrapped the rows meanwhile: then more lines are to be gone up. */
  const toTop = (): string => {
    const up = shown.reduce((sum, row) => sum + linesOf(row, columns()), 0) - 1;
    return shown.length === 0 ? '' : `\r${up > 0 ? `\u001b[${up}A` : ''}`;
  };
  const cursor = (hide: boolean): string => {
    if (hide === hidden) return '';
    hidden = hide;
    return hide ? HIDE_CURSOR : SHOW_CURSOR;
  };
  const replace = (lines: readonly string[], rows: readonly string[]): void => {
    const pieces = [
      cursor(rows.length > 0),
      toTop(),
      // Rows that a resize wrapped stay marked as wrapped until they are cleared, not merely written over.
      shown.length > 0 && (lines.length > 0 || columns() !== drawnColumns) ? CLEAR_BELOW : '',
      ...lines.flatMap(line => folded(line, columns())).map(line => `${line}\n`),
      rows.map(row => `${row}${CLEAR_RIGHT}`).join('\n'),
      shown.length > 0 ? CLEAR_BELOW : '',
    ];
    void output.write(pieces.join(''));
    shown = rows;
    drawnColumns = columns();
  };

  return {
    draw: (lines, rows) => {
      if (lines.length > 0 || !same(shown, rows)) replace(lines, rows);
    },
  };
};

const linesOf = (row: string, columns: number): number => Math.max(1, Math.ceil(widthOf(row) / Math.max(1, columns)));

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((row, index) => row === b[index]);
