/** Each change of what was allowed. */
export type Trace = readonly { readonly atMs: number; readonly concurrency: number }[];

export type Outcome = {
  readonly durationMs: number;
  readonly MBps: number;
  /** What left in attempts that were refused or broke, as a share of the file. */
  readonly wasted: number;
  /** Median over the second half of the time. */
  readonly settled: number;
  readonly highest: number;
  readonly trace: Trace;
};

export const outcomeOf = (bytes: number, wastedBytes: number, trace: Trace, durationMs: number): Outcome => ({
  durationMs,
  MBps: bytes / durationMs / 1000,
  wasted: wastedBytes / bytes,
  settled: settledOf(trace, durationMs),
  highest: Math.max(...trace.map(({ concurrency }) => concurrency)),
  trace,
});

function settledOf(trace: Trace, endMs: number): number {
  const spans = trace.map(({ atMs, concurrency }, index) => ({
    concurrency,
    ms: Math.max(0, (trace[index + 1]?.atMs ?? endMs) - Math.max(atMs, endMs / 2)),
  }));
  let leftMs = endMs / 4;
  for (const { concurrency, ms } of spans.toSorted((one, other) => one.concurrency - other.concurrency)) {
    leftMs -= ms;
    if (leftMs <= 0) return concurrency;
  }
  return trace.at(-1)?.concurrency ?? 0;
}
