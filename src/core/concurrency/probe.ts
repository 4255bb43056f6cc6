import {
  addParts,
  BUFFERED_BYTES,
  type Demand,
  hasAccepted,
  isEnough,
  leastSpeedup,
  type Measure,
  mostSpeedup,
  type Seen,
  type Side,
  speedup,
} from './part-rates.ts';

/** How a setting is searched for: steps up double while they gain, halve once one did not; a plateau is probed by small ones. */
export type Stride = 'growing' | 'halving' | 'probing up' | 'probing down';

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
  growing: 0.4,
  halving: 0.25,
  'probing up': 0.25,
  'probing down': 0.12,
};
/** No line gains less, or more, from added parts. */
const PLAUSIBLE = { gain: -0.15, use: 1.4 } as const;

/** What must be seen of each part in flight. */
type Care = { readonly rounds: number; readonly fewest: number; readonly streamedMs: number; readonly ms: number };
const HASTY: Care = { rounds: 0.5, fewest: 2, streamedMs: 100, ms: 150 };
const FIRM: Care = { rounds: 1, fewest: 4, streamedMs: 300, ms: 150 };
const CAREFUL: Care = { rounds: 1.5, fewest: 6, streamedMs: 800, ms: 1200 };
/** What a verdict takes, and what it takes to make the costlier mistake: to stop growing too early, to go down for nothing. */
const CARE: Readonly<Record<Stride, { readonly first: Care; readonly last: Care }>> = {
  growing: { first: HASTY, last: FIRM },
  halving: { first: CAREFUL, last: CAREFUL },
  'probing up': { first: CAREFUL, last: CAREFUL },
  'probing down': { first: HASTY, last: CAREFUL },
};

/** Parts that take so many times as long as before are slow. */
const SLOWED = 1.5;

/** Whether enough was seen of the settled setting for another to be tried. */
export const isBaseline = (seen: Seen, comparison: Comparison): boolean =>
  isEnoughOf(comparison.from, seen, comparison, comparison.stride === 'growing' ? HASTY : CAREFUL);

const isEnoughOf = (concurrency: number, { measure, forMs }: Seen, comparison: Comparison, care: Care): boolean =>
  forMs >= care.ms && isEnough(measure, demandOf(comparison, concurrency, care));

/** The smaller the difference between the two settings, the more must be seen. */
function demandOf({ from, to }: Comparison, concurrency: number, care: Care): Demand {
  const finer = concurrency * (care === CAREFUL ? Math.max(1, 0.5 / shareAdded(from, to)) : 1);
  return { parts: Math.max(care.fewest, finer * care.rounds), streamedMs: finer * care.streamedMs };
}

/** Parts not much larger than what buffers swallow tell only once they are accepted: each step costs more, and is larger. */
export function growthAfter({ measure, pending }: Seen): number {
  const { bytes, parts } = addParts(measure.whole, pending);
  return bytes > parts * 2 * BUFFERED_BYTES ? 2 : 3;
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
  const { first, last } = CARE[trial.stride];
  const before = [trial.baseline, demandOf(trial, trial.from, first)] as const;
  const now = [seen.measure, demandOf(trial, trial.to, first)] as const;
  const faster = isEnoughOf(trial.to, seen, trial, first) ? speedup(before, now) : undefined;
  if (faster === undefined) return boundedVerdict(trial, seen, before, now);
  const use = useOf(trial, faster);
  return { outcome: outcomeOf(use, trial, isEnoughOf(trial.to, seen, trial, last)), use };
}

/** Where the two settings cannot be compared yet: enough gained already, or too many parts overdue. */
function boundedVerdict(trial: Trial, seen: Seen, before: Side, now: Side): Verdict {
  const { stride, from, to } = trial;
  const least = useOf(trial, leastSpeedup(before, now) ?? 0);
  const most = useOf(trial, mostSpeedup(before, seen) ?? Number.POSITIVE_INFINITY);
  const areAllIn = seen.measure.whole.parts + seen.pending.parts >= to;
  if (to > from && least >= WORTH[stride]) return { outcome: 'move', use: least };
  if (to > from && areAllIn && most < WORTH[stride] / 2) return { outcome: 'stay', use: most };
  return { outcome: hasAccepted(seen.measure, demandOf(trial, to, CAREFUL)) ? 'stay' : 'open', use: least };
}

function useOf({ from, to }: Comparison, faster: number): number {
  const throughput = (faster * to) / from;
  return ((to > from ? throughput : 1 / throughput) - 1) / shareAdded(from, to);
}

function outcomeOf(use: number, { stride, from, to }: Comparison, isSure: boolean): Verdict['outcome'] {
  const isTooLittle = use * shareAdded(from, to) < PLAUSIBLE.gain;
  const isTooMuch = use > PLAUSIBLE.use && stride !== 'growing';
  if (to < from) return use >= WORTH[stride] || isTooLittle ? 'stay' : isSure ? 'move' : 'open';
  if (use >= WORTH[stride] && !isTooMuch) return 'move';
  return isSure ? (isTooLittle || isTooMuch ? 'again' : 'stay') : 'open';
}
