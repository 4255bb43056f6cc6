/** Bytes, and the time that parts took for them, added over parts. */
type Moved = { readonly bytes: number; readonly ms: number };

/**
 * What was measured while so many parts were in flight. `streamed` is known early but blind to latency: bytes handed
 * over, without those that empty socket buffers swallowed. `whole` is exact but late: parts begun and accepted since.
 */
export type Measure = { readonly streamed: Moved; readonly whole: Moved & { readonly parts: number } };

/** A measure, and how long it took. */
export type Seen = { readonly measure: Measure; readonly forMs: number };

/** How much must be measured, of either kind. */
export type Demand = { readonly parts: number; readonly streamedMs: number };

export const nothingMeasured: Measure = { streamed: { bytes: 0, ms: 0 }, whole: { bytes: 0, ms: 0, parts: 0 } };

export const withStreamed = (measure: Measure, bytes: number, ms: number): Measure => ({
  ...measure,
  streamed: { bytes: measure.streamed.bytes + bytes, ms: measure.streamed.ms + ms },
});

export const withWhole = ({ streamed, whole }: Measure, bytes: number, ms: number): Measure => ({
  streamed,
  whole: { bytes: whole.bytes + bytes, ms: whole.ms + ms, parts: whole.parts + 1 },
});

export const isEnough = (measure: Measure, demand: Demand): boolean =>
  hasWhole(measure, demand) || hasStreamed(measure, demand);

type Side = readonly [Measure, Demand];

const hasWhole = ({ whole }: Measure, { parts }: Demand): boolean => whole.parts >= parts;
const hasStreamed = ({ streamed }: Measure, { streamedMs }: Demand): boolean => streamed.ms >= streamedMs;

/** How many times as fast as before one part moves now; nothing where the two did not measure the same. */
export function speedup(before: Side, now: Side): number | undefined {
  const kind = hasWhole(...before) && hasWhole(...now) ? 'whole' : 'streamed';
  if (kind === 'streamed' && !(hasStreamed(...before) && hasStreamed(...now))) return undefined;
  return rateOf(now[0][kind]) / rateOf(before[0][kind]);
}

/** No more than the true speedup: latency is counted now, and was not before. */
export const leastSpeedup = (before: Side, now: Side): number | undefined =>
  hasStreamed(...before) && hasWhole(...now) ? rateOf(now[0].whole) / rateOf(before[0].streamed) : undefined;

const rateOf = ({ bytes, ms }: Moved): number => Math.max(1, bytes) / Math.max(1, ms);
