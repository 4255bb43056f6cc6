/** What of a trace's entries is drawn. */
type Entry = {
  readonly ph: string;
  readonly name: string;
  readonly ts: number;
  readonly tid: number;
  readonly args?: Readonly<Record<string, number>>;
};
type Slice = { readonly lane: number; readonly from: number; readonly to: number; readonly isDone: boolean };

const WIDTH = 960;
const LEFT = 70;
const CHART = 160;
const ROW = 14;

/** Throughput over time, and below it what each connection sent when: an SVG of a `--trace` file. */
export function pictureOf(trace: string, title: string): string {
  const { traceEvents: entries } = JSON.parse(trace) as { traceEvents: readonly Entry[] };
  const slices = slicesOf(entries);
  const from = Math.min(...slices.map(slice => slice.from));
  const to = Math.max(...slices.map(slice => slice.to));
  const x = (ts: number): number => LEFT + ((Math.max(from, ts) - from) / (to - from)) * (WIDTH - LEFT - 20);
  const lanes = Math.max(...slices.map(({ lane }) => lane));
  const height = 40 + CHART + 30 + lanes * ROW + 40;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text x="${LEFT}" y="24" font-size="15">${title}</text>
${throughput(entries, x)}
${slices.map(slice => sliceRect(slice, x)).join('\n')}
<text x="8" y="${40 + CHART + 42}">parts</text>
${seconds(from, to, x, height - 16)}
</svg>
`;
}

function slicesOf(entries: readonly Entry[]): readonly Slice[] {
  const begun = new Map<number, number>();
  return entries.flatMap(({ ph, tid, ts, args }) => {
    if (ph === 'B') begun.set(tid, ts);
    return ph === 'E' ? [{ lane: tid, from: begun.get(tid) ?? ts, to: ts, isDone: args?.['status'] === 200 }] : [];
  });
}

const sliceRect = ({ lane, from, to, isDone }: Slice, x: (ts: number) => number): string =>
  `<rect x="${x(from).toFixed(1)}" y="${40 + CHART + 30 + (lane - 1) * ROW}" width="${Math.max(1, x(to) - x(from) - 1).toFixed(1)}" height="${ROW - 3}" rx="2" fill="${isDone ? '#4c8bf5' : '#d9534f'}"/>`;

function throughput(entries: readonly Entry[], x: (ts: number) => number): string {
  const samples = entries.filter(({ ph, name }) => ph === 'C' && name === 'throughput');
  const top = Math.max(1, ...samples.map(({ args }) => args?.['MB/s'] ?? 0));
  const y = (rate: number): number => 40 + CHART - (rate / top) * CHART;
  const line = samples.map(({ ts, args }) => `${x(ts).toFixed(1)},${y(args?.['MB/s'] ?? 0).toFixed(1)}`).join(' ');
  return `<text x="8" y="46">${Math.round(top)}</text><text x="8" y="${40 + CHART}">0 MB/s</text>
<line x1="${LEFT}" y1="${40 + CHART}" x2="${WIDTH - 20}" y2="${40 + CHART}" stroke="#ccc"/>
<polyline points="${line}" fill="none" stroke="#2e7d32" stroke-width="1.5"/>`;
}

function seconds(from: number, to: number, x: (ts: number) => number, y: number): string {
  const step = 1e6 * Math.max(0.1, 10 ** Math.floor(Math.log10((to - from) / 2e6)));
  const marks = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
  return marks
    .map(
      ts =>
        `<text x="${x(ts).toFixed(1)}" y="${y}" text-anchor="middle">${Number(((ts - from) / 1e6).toFixed(1))} s</text>`,
    )
    .join('');
}
