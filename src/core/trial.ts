import { type Demand, isEnough, leastSpeedup, type Measure, type Seen, speedup } from './part-rates.ts';

/** How a setting is searched for: steps up double while they gain, halve once one did not; a plateau is probed by small ones. */
export type Stride = 'doubling' | 'halving' | 'probing up' | 'probing down';

/** Another setting, to be compared with the settled one. */
export type Comparison = { readonly stride: Stride; readonly from: number; readonly to: number };

/** A comparison whose first half is measured. */
export type Trial = Comparison & { readonly baseline: Measure };

/** `again`: the line changed meanwhile. `open`: not enough was seen. */
export type Verdict = {
  readonly outcome: 'move' | 'stay' | 'again' | 'open';
  /** Of what the parts added between the two settings would gain where nothing limits them together, the share they do. */
  readonly use: number;
};

/** Use that makes added parts worth having. */
const WORTH: Readonly<Record<Stride, number>> = {
  doubling: 0.4,
  halving: 0.25,
  'probing up': 0.25,
  'probing down': 0.12,
};
/** No line gains less, or more, from added parts. */
const PLAUSIBLE = { gain: -0.15, use: 1.4 } as const;

/** What must be seen of each part in flight. While steps double, speed counts more than certainty. */
type Care = { readonly rounds: number; readonly fewest: number; readonly streamedMs: number; readonly ms: number };
const HASTY: Care = { rounds: 0.5, fewest: 2, streamedMs: 100, ms: 150 };
const CAREFUL: Care = { rounds: 1.5, fewest: 6, streamedMs: 800, ms: 1200 };

/** Parts that take so many times as long as before are slow. */
const SLOWED = 1.5;

/** Whether enough was seen of the settled setting for another to be tried. */
export const isBaseline = (seen: Seen, comparison: Comparison): boolean =>
  isEnoughOf(comparison.from, seen, comparison, comparison.stride === 'doubling' ? HASTY : CAREFUL);

const isEnoughOf = (concurrency: number, { measure, forMs }: Seen, comparison: Comparison, care: Care): boolean =>
  forMs >= care.ms && isEnough(measure, demandOf(comparison, concurrency, care));

/** The smaller the difference between the two settings, the more must be seen. */
function demandOf({ from, to }: Comparison, concurrency: number, care: Care): Demand {
  const finer = concurrency * Math.max(1, 0.5 / shareAdded(from, to));
  return { parts: Math.max(care.fewest, finer * care.rounds), streamedMs: finer * care.streamedMs };
}

/** Whether parts take longer at the same setting than they did. */
export function hasSlowed(before: Measure, now: Measure, concurrency: number): boolean {
  const demand = demandOf({ stride: 'probing up', from: concurrency, to: concurrency + 1 }, concurrency, HASTY);
  return (speedup([before, demand], [now, demand]) ?? 1) < 1 / SLOWED;
}

/** By how much the one is above the other; what is no difference at all counts as the finest that is looked for. */
const shareAdded = (one: number, other: number): number =>
  one === other ? 0.25 : Math.max(one, other) / Math.min(one, other) - 1;

/** What was seen of the setting on trial says. */
export function verdictOn(trial: Trial, seen: Seen): Verdict {
  const care = trial.stride === 'doubling' || trial.to < trial.from ? HASTY : CAREFUL;
  if (!isEnoughOf(trial.to, seen, trial, care)) return { outcome: 'open', use: 0 };
  const before = [trial.baseline, demandOf(trial, trial.from, care)] as const;
  const now = [seen.measure, demandOf(trial, trial.to, care)] as const;
  const faster = speedup(before, now);
  if (faster === undefined) return atLeast(useOf(trial, leastSpeedup(before, now) ?? 0), trial);
  const use = useOf(trial, faster);
  const isSure = trial.to > trial.from || isEnoughOf(trial.to, seen, trial, CAREFUL);
  return { outcome: outcomeOf(use, trial, isSure), use };
}

function useOf({ from, to }: Comparison, faster: number): number {
  const throughput = (faster * to) / from;
  return ((to > from ? throughput : 1 / throughput) - 1) / shareAdded(from, to);
}

const atLeast = (use: number, { stride, from, to }: Comparison): Verdict =>
  to > from && use >= WORTH[stride] ? { outcome: 'move', use } : { outcome: 'open', use };

/** It takes more to move down than to stay. */
function outcomeOf(use: number, { stride, from, to }: Comparison, isSure: boolean): Verdict['outcome'] {
  const isTooLittle = use * shareAdded(from, to) < PLAUSIBLE.gain;
  const isTooMuch = use > PLAUSIBLE.use && stride !== 'doubling';
  if (to > from) return isTooLittle || isTooMuch ? 'again' : use >= WORTH[stride] ? 'move' : 'stay';
  if (use >= WORTH[stride] || isTooLittle) return 'stay';
  return isSure ? 'move' : 'open';
}
