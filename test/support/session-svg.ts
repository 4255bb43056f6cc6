import type { Picture, Run } from './picture.ts';

/** What the terminal showed from an instant on. */
export type Frame = { readonly atMs: number; readonly picture: Picture; readonly cursorIsVisible: boolean };

export type SessionOptions = { readonly columns: number; readonly rows: number } & {
  readonly title: string;
  readonly text: string;
};

const CELL = { width: 8.4, height: 19 } as const;
const MARGIN = 16;
const HOLD_MS = 6000;

/**
 * A terminal session as an SVG that plays by itself: a strip of frames behind a window, a row that several frames show
 * written once. Where nothing moves, by choice or for want of CSS, the last frame stands.
 */
export function sessionSvg(frames: readonly Frame[], { columns, rows, title, text }: SessionOptions): string {
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const height = Math.ceil(rows * CELL.height + 2 * MARGIN);
  const drawn = new Map<string, string>();
  const strip = frames.map((frame, index) => drawnFrame(frame, index * width, drawn)).join('\n');
  const last = -(frames.length - 1) * width;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">${escaped(title)}</title>
<desc id="desc">${escaped(text)}</desc>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d1d7e0; white-space: pre; }
.c1 { fill: #ff7b72; } .c3 { fill: #e3b341; } .c6 { fill: #56d4dd; } .dim { fill: #8b949e; } .rest { opacity: .25; }
${keyframes(frames, width)}
@media (prefers-reduced-motion: reduce) { #strip { animation: none; } }
</style>
<defs>
${[...drawn].map(([row, id]) => `<g id="${id}">${row}</g>`).join('\n')}
</defs>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
<g id="strip" transform="translate(${last})">
${strip}
</g>
</svg>
`;
}

function keyframes(frames: readonly Frame[], width: number): string {
  const [startMs, endMs] = [frames[0]?.atMs ?? 0, frames.at(-1)?.atMs ?? 0];
  const totalMs = endMs - startMs + HOLD_MS;
  const stops = frames.map(
    ({ atMs }, index) =>
      `${(((atMs - startMs) / totalMs) * 100).toFixed(2)}% { transform: translateX(${-index * width}px); }`,
  );
  return `#strip { animation: play ${(totalMs / 1000).toFixed(1)}s step-end infinite; }
@keyframes play { ${stops.join(' ')} 100% { transform: translateX(${-(frames.length - 1) * width}px); } }`;
}

function drawnFrame({ picture, cursorIsVisible }: Frame, left: number, drawn: Map<string, string>): string {
  const rows = picture.rows.flatMap((runs, row) => {
    const content = runs.map(drawnRun).join('');
    if (content === '') return [];
    const id = drawn.get(content) ?? `r${drawn.size}`;
    drawn.set(content, id);
    return [`<use href="#${id}" y="${top(row)}"/>`];
  });
  const { column, row } = picture.cursor;
  const cursor = `<rect x="${x(column)}" y="${top(row)}" width="${CELL.width}" height="${CELL.height}" fill="#8b949e"/>`;
  return `<g transform="translate(${left})">${rows.join('')}${cursorIsVisible ? cursor : ''}</g>`;
}

/** Text is stretched to its cells, whatever font there is; blocks are drawn, so that they leave no gaps. */
function drawnRun({ column, text, color, dim }: Run): string {
  const style = [color === undefined ? '' : `c${color}`, dim ? 'dim' : ''].filter(word => word !== '');
  const width = round(text.length * CELL.width);
  if (/^[█░]/.test(text)) {
    const names = [...style, ...(text.startsWith('░') ? ['rest'] : [])].join(' ');
    return `<rect ${names === '' ? '' : `class="${names}" `}x="${x(column)}" y="3" width="${width}" height="${CELL.height - 6}"/>`;
  }
  if (text.trim() === '') return '';
  const names = style.length > 0 ? ` class="${style.join(' ')}"` : '';
  return `<text${names} x="${x(column)}" y="14" textLength="${width}" xml:space="preserve">${escaped(text)}</text>`;
}

const x = (column: number): number => round(MARGIN + column * CELL.width);
const top = (row: number): number => round(MARGIN + row * CELL.height);
const round = (value: number): number => Math.round(value * 10) / 10;

export const escaped = (text: string): string =>
  text.replace(/[&<>]/g, found => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[found] ?? found);
