/** What a bar's row can hold beside name and bar. */
export type Field = 'percent' | 'bytes' | 'rate' | 'left';

/** How one row is divided up. */
export type Layout = {
  readonly name: number;
  readonly bar: number;
  readonly fields: readonly Field[];
  readonly dropped: readonly Field[];
};

/** Columns of each field, wide enough that nothing moves while the numbers change and no two of them touch. */
export const fieldWidths: Readonly<Record<Field, number>> = { percent: 4, bytes: 17, rate: 11, left: 14 };

const FIELDS: readonly Field[] = ['percent', 'bytes', 'rate', 'left'];
/** What a narrow window does without first. */
const DROPPED_FIRST: readonly Field[] = ['bytes', 'rate', 'left', 'percent'];

const SHORTEST_BAR = 8;
const LONGEST_BAR = 60;

/**
 * One column stays free, so that no terminal wraps. Names are cut to a quarter of the window, but not below `wholeName`,
 * which is no path; fields are dropped until there is room for a bar.
 */
export const layoutOf = (columns: number, longestName: number, wholeName = 0): Layout => {
  const room = Math.max(1, columns - 1);
  const name = Math.max(Math.min(longestName, Math.floor(columns / 4)), Math.min(wholeName, Math.floor(columns / 2)));
  for (let count = 0; ; count += 1) {
    const dropped = DROPPED_FIRST.slice(0, count);
    const fields = FIELDS.filter(field => !dropped.includes(field));
    const bar = room - name - 1 - fields.reduce((sum, field) => sum + fieldWidths[field] + 1, 0);
    if (bar < SHORTEST_BAR && fields.length > 0) continue;
    return { name, bar: Math.max(0, Math.min(LONGEST_BAR, bar)), fields, dropped };
  }
};
