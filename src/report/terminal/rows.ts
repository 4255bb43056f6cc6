import { grouped } from '../../core/policy/units.ts';
import { counts, delays, fieldText, soFar } from '../progress/fields.ts';
import { pauseOf } from '../progress/pause.ts';
import type { Progress } from '../progress/progress.ts';
import type { NamedProgress } from '../progress/progress-by-file.ts';
import { fractionOf, type Totals, totalsOf } from '../progress/totals.ts';
import { INDENT, printableName } from '../text/text.ts';
import { column, cut, widthOf } from '../text/width.ts';
import { type Field, fieldWidths, type Layout, layoutOf } from './layout.ts';

/** What a bar's row says; how it is drawn is the terminal's. The bar comes first: no line begins with a name. */
export type BarRow = {
  readonly name: string;
  readonly fraction: number;
  readonly size: number;
  readonly fields: readonly string[];
};

/** How rows become text. */
export type Look = {
  readonly columns: number;
  readonly rows: number;
  readonly unicode: boolean;
  bar(row: BarRow): string;
  spinner(text: string): string;
  dim(text: string): string;
};

export type Scene = {
  readonly active: readonly NamedProgress[];
  /** Of all files. */
  readonly totals: Totals;
};

/** The rows for what is going on now, none wider than the window. */
export const rowsOf = (scene: Scene, look: Look, nowMs: number): readonly string[] => {
  const [first] = scene.active;
  if (!first) return [];
  return isMany(scene.totals) ? rowsOfMany(scene, look, nowMs) : rowsOfOne(first, look, nowMs);
};

const isMany = ({ files, isWhole }: Totals): boolean => files > 1 || !isWhole;

function rowsOfOne([path, progress]: NamedProgress, look: Look, nowMs: number): readonly string[] {
  const pause = pauseOf(progress, nowMs);
  if (pause !== undefined) return [spun(`${printableName(path)}: ${pause}`, look)];
  const layout = layoutOf(look.columns, widthOf(printableName(path)));
  const totals = totalsOf([progress], nowMs);
  return [barRow(printableName(path), totals, layout, look), ...notesRow(totals, layout, look, nowMs)];
}

function rowsOfMany({ active, totals }: Scene, look: Look, nowMs: number): readonly string[] {
  const everything = everythingOf(totals);
  const shown = active.slice(0, Math.max(1, Math.min(16, look.rows - 4)));
  const layout = layoutOf(
    look.columns,
    Math.max(...shown.map(([path]) => widthOf(printableName(path)))),
    widthOf(everything),
  );
  return [
    ...shown.map(([path, progress]) => fileRow(path, progress, layout, look, nowMs)),
    barRow(everything, totals, layout, look),
    ...notesRow(totals, layout, look, nowMs),
  ];
}

const everythingOf = ({ ended, files, isWhole }: Totals): string =>
  isWhole ? `${grouped(ended)} of ${grouped(files)} files` : `${grouped(ended)} files done`;

function fileRow(path: string, progress: Progress, layout: Layout, look: Look, nowMs: number): string {
  const pause = pauseOf(progress, nowMs);
  const name = printableName(path);
  if (pause === undefined) return barRow(name, totalsOf([progress], nowMs), layout, look);
  const said = `${column(name, layout.name, ellipsisOf(look))} ${pause}`;
  // Names stand below each other, unless there is no room for both.
  const before = Math.max(INDENT.length, Math.min(layout.bar + 1, look.columns - 1 - widthOf(said)));
  return cut(' '.repeat(before) + said, look.columns - 1, ellipsisOf(look));
}

const spun = (text: string, look: Look): string => look.spinner(cut(text, look.columns - 3, ellipsisOf(look)));

function barRow(name: string, totals: Totals, layout: Layout, look: Look): string {
  return look.bar({
    name: column(name, layout.name, ellipsisOf(look)),
    fraction: fractionOf(totals),
    size: layout.bar,
    fields: layout.fields.map(field => fieldText(field, totals).padStart(fieldWidths[field])),
  });
}

/** Under the bar: why it is slow, and what found no room beside it. */
function notesRow(totals: Totals, { dropped }: Layout, look: Look, nowMs: number): readonly string[] {
  const notes = [
    ...delays(totals, nowMs),
    ...soFar(totals),
    ...inNotes(dropped).map(field => fieldText(field, totals)),
    ...counts(totals),
  ];
  const room = look.columns - 3;
  const separator = look.unicode ? ' · ' : ', ';
  const kept = notes
    .filter(note => note !== '')
    .reduce((line, note) => {
      const longer = line === '' ? note : `${line}${separator}${note}`;
      return line !== '' && widthOf(longer) > room ? line : longer;
    }, '');
  return kept === '' ? [] : [look.dim(`  ${cut(kept, room, ellipsisOf(look))}`)];
}

/** Of the fields without room, the time left comes before the rate: not all may find room here either. */
const inNotes = (dropped: readonly Field[]): readonly Field[] =>
  (['bytes', 'left', 'rate', 'percent'] as const).filter(field => dropped.includes(field));

const ellipsisOf = ({ unicode }: Look): string => (unicode ? '…' : '...');
