/** Bytes, and the time that parts took for them, added over parts. */
type Moved = { readonly bytes: number; readonly ms: number };

/**
 * What was measured while so many parts were in flight. `streamed` is known early but blind to latency: bytes handed
 * over, without those that empty socket buffers swallowed. `whole` is exact but late: parts begun and accepted since.
 */
export type Measure = { readonly streamed: Moved; readonly whole: Parts };

type Parts = Moved & { readonly parts: number };

/** A measure, how long it took, and the parts begun since that are not accepted yet, with the time they took so far. */
export type Seen = { readonly measure: Measure; readonly forMs: number; readonly pending: Parts };

/** How much must be measured, of either kind. */
export type Demand = { readonly parts: number; readonly streamedMs: number };

/** Socket buffers on both sides may swallow so much of a part at once: only what follows moves at the line's speed. */
export const BUFFERED_BYTES = 8 * 1024 ** 2;

export const nothingMeasured: Measure = { streamed: { bytes: 0, ms: 0 }, whole: { bytes: 0, ms: 0, parts: 0 } };

export const withStreamed = (measure: Measure, bytes: number, ms: number): Measure => ({
  ...measure,
  streamed: { bytes: measure.streamed.bytes + bytes, ms: measure.streamed.ms + ms },
});

export const withWhole = ({ streamed, whole }: Measure, bytes: number, ms: number): Measure => ({
  streamed,
  whole: addParts(whole, { bytes, ms, parts: 1 }),
});

export const addParts = (one: Parts, other: Parts): Parts => ({
  bytes: one.bytes + other.bytes,
  ms: one.ms + other.ms,
  parts: one.parts + other.parts,
});

/** Of parts in flight, those begun since `fromMs`. */
export const pendingAt = (
  atMs: number,
  attempts: Iterable<{ readonly bytes: number; readonly startedAtMs: number }>,
  fromMs: number,
): Parts =>
  [...attempts]
    .filter(({ startedAtMs }) => startedAtMs >= fromMs)
    .map(({ bytes, startedAtMs }) => ({ bytes, ms: atMs - startedAtMs, parts: 1 }))
    .reduce(addParts, nothingMeasured.whole);

export const isEnough = (measure: Measure, demand: Demand): boolean =>
  hasAccepted(measure, demand) || hasStreamed(measure, demand);

/** What was measured, and how much it takes. */
export type Side = readonly [Measure, Demand];

export const hasAccepted = ({ whole }: Measure, { parts }: Demand): boolean => whole.parts >= parts;
const hasStreamed = ({ streamed }: Measure, { streamedMs }: Demand): boolean => streamed.ms >= streamedMs;

/** How many times as fast as before one part moves now; nothing where the two did not measure the same. */
export function speedup(before: Side, now: Side): number | undefined {
  const kind = hasAccepted(...before) && hasAccepted(...now) ? 'whole' : 'streamed';
  if (kind === 'streamed' && !(hasStreamed(...before) && hasStreamed(...now))) return undefined;
  return rateOf(now[0][kind]) / rateOf(before[0][kind]);
}

/** No more than the true speedup: latency is counted now, and was not before. */
export const leastSpeedup = (before: Side, now: Side): number | undefined =>
  hasStreamed(...before) && hasAccepted(...now) ? rateOf(now[0].whole) / rateOf(before[0].streamed) : undefined;

/** No less than the true speedup of whole parts: as if all that are pending were accepted now. */
export const mostSpeedup = (before: Side, { measure: { whole }, pending }: Seen): number | undefined =>
  hasAccepted(...before) ? rateOf(addParts(whole, pending)) / rateOf(before[0].whole) : undefined;

const rateOf = ({ bytes, ms }: Moved): number => Math.max(1, bytes) / Math.max(1, ms);
