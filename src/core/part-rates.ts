/** Bytes and the time that parts took for them, added over parts. */
type Moved = { readonly bytes: number; readonly ms: number };

/**
 * What was measured while so many parts were in flight. `streamed` is known early but blind to latency: bytes handed
 * over, without those that empty socket buffers swallowed. `whole` is exact but late: parts begun and accepted since.
 */
export type Measure = { readonly streamed: Moved; readonly whole: Moved & { readonly parts: number } };

export const nothingMeasured: Measure = { streamed: { bytes: 0, ms: 0 }, whole: { bytes: 0, ms: 0, parts: 0 } };

/** How much must be measured of each part in flight. */
export type Demand = { readonly parts: number; readonly streamedMs: number };

const KINDS = ['whole', 'streamed'] as const;
type Kind = (typeof KINDS)[number];

export const withStreamed = (measure: Measure, bytes: number, ms: number): Measure => ({
  ...measure,
  streamed: plus(measure.streamed, bytes, ms),
});

export const withWhole = (measure: Measure, bytes: number, ms: number): Measure => ({
  ...measure,
  whole: { ...plus(measure.whole, bytes, ms), parts: measure.whole.parts + 1 },
});

const plus = (moved: Moved, bytes: number, ms: number): Moved => ({ bytes: moved.bytes + bytes, ms: moved.ms + ms });

export const isEnough = (measure: Measure, demand: Demand): boolean =>
  KINDS.some(kind => isEnoughOf(kind, measure, demand));

const isEnoughOf = (kind: Kind, { whole, streamed }: Measure, demand: Demand): boolean =>
  kind === 'whole' ? whole.parts >= demand.parts : streamed.ms >= demand.streamedMs;

/** How many times as fast one part moves in `other` as in `one`, by what both measured; nothing where that is too little. */
export const speedup = (
  one: { readonly measure: Measure; readonly demand: Demand },
  other: { readonly measure: Measure; readonly demand: Demand },
): number | undefined => {
  const kind = KINDS.find(kind => [one, other].every(({ measure, demand }) => isEnoughOf(kind, measure, demand)));
  return kind && rate(other.measure[kind]) / rate(one.measure[kind]);
};

const rate = ({ bytes, ms }: Moved): number => Math.max(1, bytes) / Math.max(1, ms);
