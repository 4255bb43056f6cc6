/** Bytes, and the milliseconds that parts took for them, added over parts. */
type Moved = { readonly bytes: number; readonly ms: number; readonly count: number };

/**
 * What parts did while a certain number of them was in flight. `within`: between two reports of a part's progress,
 * known early. `whole`: parts begun and accepted meanwhile, latency included; all there is where parts are short.
 */
export type Rate = { readonly within: Moved; readonly whole: Moved };

/** How much must be measured: for each part in flight, parts accepted or milliseconds of progress; and for how long. */
export type Demand = { readonly parts: number; readonly withinMs: number; readonly forMs: number };

/** A number of parts in flight, and what was measured with it. */
export type Level = { readonly concurrency: number; readonly rate: Rate };

const nothing: Moved = { bytes: 0, ms: 0, count: 0 };
export const noRate: Rate = { within: nothing, whole: nothing };

export const addTo = (rate: Rate, kind: keyof Rate, bytes: number, ms: number): Rate => ({
  ...rate,
  [kind]: { bytes: rate[kind].bytes + bytes, ms: rate[kind].ms + ms, count: rate[kind].count + 1 },
});

/** Whether enough was measured. Two whole parts at least: one may be the short last one. */
export const isMeasured = (level: Level, demand: Demand): boolean =>
  hasWhole(level, demand) || hasWithin(level, demand);

/** Socket buffers may empty in bursts: a few parts alone say little. */
const hasWithin = ({ concurrency, rate }: Level, { withinMs }: Demand): boolean =>
  rate.within.count >= concurrency / 2 && rate.within.ms >= withinMs * concurrency;

const hasWhole = ({ concurrency, rate }: Level, { parts }: Demand): boolean =>
  rate.whole.count >= Math.max(2, parts * concurrency);

/** How many times the throughput of `before` there is now. Both are measured. */
export const gainOver = (before: Level, now: Level, demand: Demand): number => {
  const kind = before.rate.whole.count > 1 && hasWhole(now, demand) ? 'whole' : 'within';
  return throughput(now, kind) / throughput(before, kind);
};

/** Bytes a millisecond of all parts together. */
const throughput = ({ concurrency, rate }: Level, preferred: keyof Rate): number => {
  const other = preferred === 'whole' ? 'within' : 'whole';
  const { bytes, ms } = rate[preferred].count > 0 ? rate[preferred] : rate[other];
  return (concurrency * Math.max(1, bytes)) / Math.max(1, ms);
};
