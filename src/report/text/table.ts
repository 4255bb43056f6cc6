import { column, filled, widthOf } from './width.ts';

/** One column of a table, and when a narrow window does without it: the highest first, 0 never. */
export type Column = { readonly heading: string; readonly dropped: number };

const GAP = '  ';
/** The last column holds names: fewer columns say nothing. */
const LEAST_NAME = 12;

/** Rows below their headings, aligned. In a window none is wider than it: columns are left out, and names cut at their start. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number = Number.POSITIVE_INFINITY,
): readonly string[] {
  const cells = [columns.map(({ heading }) => heading), ...rows];
  const widths = columns.map((_, index) => Math.max(...cells.map(row => widthOf(row[index] ?? ''))));
  const shown = shownColumns(columns, widths, width);
  const last = Math.max(1, Math.min(widths.at(-1) ?? 0, width - spanOf(shown.slice(0, -1), widths)));
  return cells.map(row =>
    shown
      .map((index, place) => {
        const cell = row[index] ?? '';
        return place === shown.length - 1 ? column(cell, last) : filled(cell, widths[index] ?? 0);
      })
      .join(GAP)
      .trimEnd(),
  );
}

/** The indexes of those that find room. */
function shownColumns(columns: readonly Column[], widths: readonly number[], width: number): readonly number[] {
  const order = columns.map(({ dropped }) => dropped).filter(rank => rank > 0);
  for (const rank of [Number.POSITIVE_INFINITY, ...order.sort((a, b) => b - a)]) {
    const shown = columns.flatMap(({ dropped }, index) => (dropped < rank ? [index] : []));
    const name = Math.min(LEAST_NAME, widths.at(-1) ?? 0);
    if (spanOf(shown.slice(0, -1), widths) + name <= width) return shown;
  }
  return [columns.length - 1];
}

/** Columns before the last one, gaps included. */
const spanOf = (indexes: readonly number[], widths: readonly number[]): number =>
  indexes.reduce((sum, index) => sum + (widths[index] ?? 0) + GAP.length, 0);
