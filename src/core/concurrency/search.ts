import { afterObservation, type InFlight, measuredAnew, noneInFlight } from './in-flight.ts';
import type { Observation } from './observation.ts';
import { type Demand, gainOver, isMeasured, type Level, noRate } from './rate.ts';
import { limitAt, mostUnder, type RefusedLimit } from './refused-limit.ts';

/** Bounds of `--concurrency auto`. It starts with `start`, or more of them where the server is far, up to `startFar`. */
export const AUTOMATIC_CONCURRENCY = { start: 4, startFar: 14, min: 1, max: 16 } as const;

/** The search for the number of parts in flight beyond which more gain nothing. */
export type Search = {
  /** Parts that may be in flight now. It rises little by little, so that few are refused before the first refusal arrives. */
  readonly concurrency: number;
  readonly raisedAtMs: number;
  /** The best number known. */
  readonly settled: Level;
  /** The number that is measured now: the settled one, or another that is compared with it. */
  readonly tried: number;
  readonly step: Step;
  readonly restMs: number;
  readonly restUntilMs: number;
  /** Since when parts move slower than they did at the settled number. */
  readonly slowSinceMs: number | undefined;
  readonly limit: RefusedLimit | undefined;
  readonly settleMs: number;
  readonly inFlight: InFlight;
};

/** `doubling` while it pays; `trimming`: the number between the last two, once; then `holding`, with rare `probing`. */
type Step = 'doubling' | 'trimming' | 'holding' | 'probing';

/** Where nothing limits parts together, twice as many gain 1. This share of that makes more parts worth having. */
const WORTH = { doubling: 0.18, trimming: 0.18, holding: 0.25, probing: 0.25 } as const;
/** A step that gained this share needs no trimming. */
const CLEAR = 0.6;
/** Fewer parts are as good where they lose no more than this. */
const AS_GOOD = 0.97;
/** More parts seldom gain a larger share, or leave less: then more must be measured before that is believed. */
const PLAUSIBLE = { share: 1.5, gain: 0.8 } as const;
/** Parts that move at less than this share of their former rate, for so long, are a reason to try fewer. */
const SLOW = { share: 0.67, forMs: 10_000, fewest: 2 } as const;
const HASTY: Demand = { parts: 0.5, withinMs: 60, forMs: 120 };
const CAREFUL: Demand = { parts: 1.5, withinMs: 500, forMs: 1000 };
const REST = { firstMs: 1000, longestMs: 120_000, growth: 2 } as const;
const RAISE = { everyMs: 20, atMost: 2 } as const;
/** Milliseconds of round trip for which one part more is in flight at the start. */
const TRIP_MS = 25;
const SHORTEST_SETTLE_MS = 60;

/** `roundTripMs`: the time that a connection took, 0 where it is not known. */
export const startOfSearch = (atMs: number, roundTripMs = 0): Search => {
  const { start, startFar } = AUTOMATIC_CONCURRENCY;
  const tried = Math.min(startFar, start + Math.floor(roundTripMs / TRIP_MS));
  return {
    concurrency: tried,
    raisedAtMs: atMs,
    settled: { concurrency: tried, rate: noRate },
    tried,
    step: 'doubling',
    restMs: REST.firstMs,
    restUntilMs: atMs,
    slowSinceMs: undefined,
    limit: undefined,
    settleMs: Math.max(SHORTEST_SETTLE_MS, 2 * roundTripMs),
    inFlight: noneInFlight,
  };
};

/** What is allowed after one more observation. */
export function afterObserving(search: Search, observation: Observation): Search {
  const { type, attempt, atMs } = observation;
  const isRefused = type === 'overloaded' && search.inFlight.attempts.has(attempt);
  const wanted = search.concurrency === search.tried ? search.tried : Number.NaN;
  const inFlight = afterObservation(search.inFlight, observation, wanted, search.settleMs);
  return raised(isRefused ? refused({ ...search, inFlight }, atMs) : decided({ ...search, inFlight }, atMs), atMs);
}

/** One fewer than were in flight. A part refused alone says nothing about how many may be. */
function refused(search: Search, atMs: number): Search {
  const others = search.inFlight.attempts.size;
  const most = Math.max(AUTOMATIC_CONCURRENCY.min, Math.min(search.concurrency, others));
  const limit = others > 0 ? limitAt(most, search.limit, atMs, search.inFlight.acceptedBytes) : undefined;
  return rested({ ...search, concurrency: most, limit, settled: { concurrency: most, rate: noRate } }, atMs, 1);
}

/** Compares what is tried with what is settled, once enough is measured. */
function decided(search: Search, atMs: number): Search {
  const { tried, settled, step, inFlight } = search;
  const now: Level = { concurrency: tried, rate: inFlight.rate };
  const demand = step === 'doubling' ? HASTY : CAREFUL;
  const isEnough = inFlight.sinceMs !== undefined && atMs - inFlight.sinceMs >= demand.forMs && isMeasured(now, demand);
  if (!isEnough) return search;
  if (tried !== settled.concurrency) return compared(search, now, gainOver(settled, now, demand), atMs);
  return step === 'holding' ? held(search, now, atMs) : more({ ...search, settled: now }, 2, atMs);
}

/** More that pay are settled and doubled again. Others, and what gained little at the end, are trimmed once. */
function compared(search: Search, now: Level, gain: number, atMs: number): Search {
  const { settled, step, limit } = search;
  const isMore = now.concurrency > settled.concurrency;
  const share = (gain - 1) / (now.concurrency / settled.concurrency - 1);
  const isPlausible = !isMore || (share <= PLAUSIBLE.share && gain >= PLAUSIBLE.gain);
  if (!isPlausible && !isMeasured(now, CAREFUL)) return search;
  const isBetter = isMore ? share >= WORTH[step] : gain >= AS_GOOD;
  const lifted = isBetter && limit && now.concurrency > limit.concurrency ? undefined : limit;
  const next: Search = { ...search, settled: isBetter ? now : settled, limit: lifted };
  const further = isBetter && isMore ? more({ ...next, step: 'doubling' }, 2, atMs) : rested(next, atMs);
  const isToTrim = step === 'doubling' && further.step === 'holding' && !(isBetter && share > CLEAR);
  const middle = Math.round((settled.concurrency + now.concurrency) / 2);
  return isToTrim && middle !== next.settled.concurrency ? trying(next, middle, 'trimming') : further;
}

/** After a rest, more are tried; or fewer, where parts have long moved slower than they did. */
function held(search: Search, now: Level, atMs: number): Search {
  const reference = isMeasured(search.settled, HASTY) ? search.settled : now;
  const isSlow = gainOver(reference, now, CAREFUL) < SLOW.share;
  const slowSinceMs = isSlow ? (search.slowSinceMs ?? atMs) : undefined;
  const again = trying({ ...search, settled: reference, slowSinceMs }, now.concurrency, 'holding');
  if (atMs < search.restUntilMs) return again;
  if (slowSinceMs === undefined) return more({ ...search, settled: now, step: 'probing' }, 1.5, atMs);
  const fewer = Math.max(SLOW.fewest, Math.floor(now.concurrency / 2));
  const isLong = atMs - slowSinceMs >= SLOW.forMs && fewer < now.concurrency;
  return isLong ? trying({ ...search, settled: now, slowSinceMs: undefined }, fewer, 'probing') : again;
}

/** Tries more than the settled number where more may be in flight. */
function more(search: Search, factor: number, atMs: number): Search {
  const { settled, limit, inFlight } = search;
  const most = limit ? mostUnder(limit, atMs, inFlight.acceptedBytes) : AUTOMATIC_CONCURRENCY.max;
  const tried = Math.min(AUTOMATIC_CONCURRENCY.max, most, Math.ceil(settled.concurrency * factor));
  return tried > settled.concurrency ? trying(search, tried, search.step) : rested(search, atMs);
}

const rested = (search: Search, atMs: number, growth: number = REST.growth): Search => ({
  ...trying(search, search.settled.concurrency, 'holding'),
  restUntilMs: atMs + search.restMs,
  restMs: Math.min(REST.longestMs, search.restMs * growth),
});

const trying = (search: Search, tried: number, step: Step): Search => ({
  ...search,
  tried,
  step,
  inFlight: measuredAnew(search.inFlight),
});

/** Up little by little, down immediately. */
function raised(search: Search, atMs: number): Search {
  const steps = Math.min(RAISE.atMost, Math.floor(Math.abs(atMs - search.raisedAtMs) / RAISE.everyMs));
  const concurrency = Math.min(search.tried, search.concurrency + steps);
  return concurrency === search.concurrency ? search : { ...search, concurrency, raisedAtMs: atMs };
}
