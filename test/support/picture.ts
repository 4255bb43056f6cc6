import type headless from '@xterm/headless';

/** Neighbouring cells of a row that look the same. */
export type Run = { readonly column: number; readonly text: string; readonly color: number | undefined } & {
  readonly dim: boolean;
};

/** What a terminal shows, with its colours. */
export type Picture = {
  readonly rows: readonly (readonly Run[])[];
  readonly cursor: { readonly column: number; readonly row: number };
};

export function pictureOf({ buffer: { active }, rows }: headless.Terminal): Picture {
  return {
    rows: Array.from({ length: rows }, (_, row) => runsOf(active.getLine(active.viewportY + row))),
    cursor: { column: active.cursorX, row: active.cursorY },
  };
}

function runsOf(line: headless.IBufferLine | undefined): readonly Run[] {
  const runs: Run[] = [];
  const length = line?.translateToString(true).length ?? 0;
  for (let column = 0; column < length; column += 1) {
    const cell = line?.getCell(column);
    if (!cell || cell.getWidth() === 0) continue;
    const next: Run = {
      column,
      text: cell.getChars() || ' ',
      color: cell.isFgPalette() ? cell.getFgColor() : undefined,
      dim: cell.isDim() > 0,
    };
    const last = runs.at(-1);
    if (last && looksLike(last, next)) runs[runs.length - 1] = { ...last, text: last.text + next.text };
    else runs.push(next);
  }
  return runs;
}

/** The blocks of a bar are runs of their own, since they are drawn and not written. */
const looksLike = (a: Run, b: Run): boolean =>
  a.color === b.color && a.dim === b.dim && kindOf(a.text) === kindOf(b.text);

const kindOf = (text: string): string => (/^[█░]/.test(text) ? text.slice(0, 1) : '');
