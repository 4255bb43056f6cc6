import type { Measure, Seen } from './part-rates.ts';
import {
  type Comparison,
  growthAfter,
  hasSlowed,
  isBaseline,
  type Stride,
  type Trial,
  type Verdict,
  verdictOn,
} from './probe.ts';

/** Bounds of `--concurrency auto`, where it starts, and the fewest as long as no more are refused. */
export const AUTOMATIC_CONCURRENCY = { start: 4, min: 1, max: 16, floor: 2 } as const;

/** The search for the concurrency beyond which nothing is gained. */
export type Climb = {
  /** The best setting known. */
  readonly settled: number;
  readonly trial: Trial | undefined;
  readonly stride: Stride;
  /** How far the next trial goes; 0 at rest. */
  readonly step: number;
  /** Measures in a row that are believed only when they come again. */
  readonly doubts: number;
  readonly restUntilMs: number;
  readonly restMs: number;
  /** What was measured when the rest began: parts that slow down since then end it. */
  readonly reference: Measure | undefined;
};

const REST_MS = { first: 5000, sure: 30_000, longest: 120_000 } as const;
const MOST_DOUBTS = 1;
/** Parts that gain nearly all they could: steps grow, and what they led to is sure for longer. */
const GOOD_USE = 0.75;

export const startOfClimb: Climb = {
  settled: AUTOMATIC_CONCURRENCY.start,
  trial: undefined,
  step: AUTOMATIC_CONCURRENCY.start,
  stride: 'growing',
  doubts: 0,
  restUntilMs: 0,
  restMs: REST_MS.first,
  reference: undefined,
};

/** The setting that is to be used now. */
export const concurrencyOf = ({ settled, trial }: Climb): number => trial?.to ?? settled;

/** The climb after so much was seen of the present setting, itself where that is too little; `highest` may be tried. */
export function afterSeen(climb: Climb, seen: Seen, highest: number, atMs: number): Climb {
  if (!climb.trial) return climb.step > 0 ? begun(climb, seen, highest, atMs) : watched(climb, seen, highest, atMs);
  const next = judged(climb, climb.trial, verdictOn(climb.trial, seen), atMs);
  // What was seen of a setting that is kept is the baseline of the next step already.
  return next.settled !== climb.settled && next.step > 0 ? begun(next, seen, highest, atMs) : next;
}

/** At rest: parts that slow down, or the end of the rest, begin a trial. */
function watched(climb: Climb, seen: Seen, highest: number, atMs: number): Climb {
  const next = probing(climb, nextProbe(climb));
  if (!isBaseline(seen, comparisonOf(next, highest))) return climb;
  const reference = climb.reference ?? seen.measure;
  if (climb.settled > AUTOMATIC_CONCURRENCY.floor && hasSlowed(reference, seen.measure, climb.settled))
    return climb.doubts < MOST_DOUBTS
      ? { ...climb, reference, doubts: climb.doubts + 1 }
      : begun(probing(climb, 'probing down'), seen, highest, atMs);
  return atMs < climb.restUntilMs ? { ...climb, reference, doubts: 0 } : begun(next, seen, highest, atMs);
}

/** The climb below a ceiling: a trial goes on at the ceiling, or everything rests there. */
export function capped(climb: Climb, ceiling: number, atMs: number): Climb {
  const { trial, settled } = climb;
  return trial && ceiling > settled
    ? { ...climb, trial: { ...trial, to: Math.min(ceiling, trial.to) } }
    : paused({ ...climb, settled: Math.min(settled, ceiling) }, atMs);
}

function judged(climb: Climb, trial: Trial, { outcome, use }: Verdict, atMs: number): Climb {
  if (outcome === 'open') return climb;
  if (outcome === 'again' && climb.doubts < MOST_DOUBTS)
    return { ...climb, trial: undefined, doubts: climb.doubts + 1 };
  const isGain = outcome === 'move' || (outcome === 'again' && use > 0);
  return isGain ? moved(climb, trial.to, use, atMs) : turned(climb, use, atMs);
}

function moved(climb: Climb, concurrency: number, use: number, atMs: number): Climb {
  const next: Climb = {
    ...climb,
    settled: concurrency,
    trial: undefined,
    doubts: 0,
    restMs: use >= GOOD_USE ? REST_MS.sure : REST_MS.first,
  };
  if (climb.stride === 'probing down') return { ...next, step: quarter(concurrency) };
  return climb.stride === 'growing' || use >= GOOD_USE
    ? { ...next, stride: 'growing', step: concurrency }
    : halved(next, atMs);
}

/** Back: what did not gain is not tried beyond the point at which, by what it gained, the line was full. */
function turned(climb: Climb, use: number, atMs: number): Climb {
  const { trial, settled, stride, step } = climb;
  if (stride !== 'growing' && stride !== 'halving') return rested(climb, atMs);
  const full = Math.ceil(Math.max(0, use) * ((trial?.to ?? settled) - settled));
  return halved({ ...climb, step: Math.min(step, 2 * full) }, atMs);
}

function halved(climb: Climb, atMs: number): Climb {
  const step = Math.floor(climb.step / 2);
  return step > 0 ? { ...climb, trial: undefined, doubts: 0, stride: 'halving', step } : rested(climb, atMs);
}

/** Nothing is tried for a while, the next time for twice as long. */
const rested = (climb: Climb, atMs: number): Climb => ({
  ...paused(climb, atMs),
  restMs: Math.min(REST_MS.longest, climb.restMs * 2),
});

const paused = (climb: Climb, atMs: number): Climb => ({
  ...climb,
  trial: undefined,
  step: 0,
  doubts: 0,
  reference: undefined,
  restUntilMs: atMs + climb.restMs,
});

const probing = (climb: Climb, stride: Stride): Climb => ({ ...climb, stride, step: quarter(climb.settled) });

/** A plateau is probed on both sides in turn, but below the start only where parts slowed down. */
const nextProbe = ({ stride, settled }: Climb): Stride =>
  stride !== 'probing down' && settled > AUTOMATIC_CONCURRENCY.start ? 'probing down' : 'probing up';

const quarter = (concurrency: number): number => Math.max(1, Math.floor(concurrency / 4));

function begun(climb: Climb, seen: Seen, highest: number, atMs: number): Climb {
  const step = climb.stride === 'growing' ? climb.settled * (growthAfter(seen) - 1) : climb.step;
  const comparison = comparisonOf({ ...climb, step }, highest);
  if (comparison.from === comparison.to) return paused(climb, atMs);
  return isBaseline(seen, comparison) ? { ...climb, step, trial: { ...comparison, baseline: seen.measure } } : climb;
}

function comparisonOf({ settled, step, stride }: Climb, highest: number): Comparison {
  const to =
    stride === 'probing down'
      ? Math.max(Math.min(settled, AUTOMATIC_CONCURRENCY.floor), settled - step)
      : Math.max(settled, Math.min(highest, settled + step));
  return { stride, from: settled, to };
}
