import type { Observation } from './observation.ts';
import { BUFFERED_BYTES, type Measure, nothingMeasured, pendingAt, withStreamed, withWhole } from './part-rates.ts';
import { afterAccepted, type Ceiling, ceilingAt, highestBelow } from './refused-limit.ts';
import { AUTOMATIC_CONCURRENCY, afterSeen, type Climb, capped, concurrencyOf, startOfClimb } from './search.ts';

/** How many parts may be in flight, and what is known that says so. */
export type Steering = {
  /** Allowed now. It rises little by little, so that a first refusal comes before more bodies are wasted. */
  readonly concurrency: number;
  readonly raisedAtMs: number;
  readonly climb: Climb;
  readonly ceiling: Ceiling | undefined;
  readonly attempts: ReadonlyMap<number, Attempt>;
  /** Since when fewer are in flight than allowed. */
  readonly shortSinceMs: number | undefined;
  readonly acceptedBytes: number;
  /** Of the present setting. */
  readonly measure: Measure;
  readonly measuredFromMs: number;
  /** Every part in flight has filled the buffers since, and moves at the line's own speed. */
  readonly isFlowing: boolean;
};

type Attempt = {
  readonly bytes: number;
  readonly startedAtMs: number;
  /** When it started, itself counted. */
  readonly inFlight: number;
  /** Where the next stretch that is measured begins. */
  readonly mark: { readonly sent: number; readonly atMs: number };
};

type Of<Type extends Observation['type']> = Extract<Observation, { readonly type: Type }>;

const RAISE = { everyMs: 20, atMost: 2 } as const;
/** Between two parts fewer are in flight for a moment; where it is longer, there are no more parts, or they are held. */
const SHORT_MS = 250;

export const startOfSteering = (atMs: number): Steering => ({
  concurrency: AUTOMATIC_CONCURRENCY.start,
  raisedAtMs: atMs,
  climb: startOfClimb,
  ceiling: undefined,
  attempts: new Map(),
  shortSinceMs: atMs,
  acceptedBytes: 0,
  measure: nothingMeasured,
  measuredFromMs: atMs,
  isFlowing: false,
});

/** What is allowed after one more observation. */
export function steer(state: Steering, observation: Observation): Steering {
  const { atMs } = observation;
  const next = decided(noted(state, observation), atMs);
  const isShort = next.attempts.size < next.concurrency;
  return { ...next, shortSinceMs: isShort ? (next.shortSinceMs ?? atMs) : undefined };
}

function noted(state: Steering, observation: Observation): Steering {
  const { attempt: id, atMs, type } = observation;
  if (type === 'started') {
    const inFlight = state.attempts.size + 1;
    return withAttempt(state, id, { bytes: observation.bytes, startedAtMs: atMs, inFlight, mark: { sent: 0, atMs } });
  }
  const attempt = state.attempts.get(id);
  if (!attempt) return state;
  if (type === 'progress') return progressed(state, attempt, observation);
  if (type === 'accepted') return without(accepted(state, attempt, observation), id);
  return without(type === 'overloaded' ? overloaded(state, atMs) : state, id);
}

const withAttempt = (state: Steering, id: number, attempt: Attempt): Steering => ({
  ...state,
  attempts: new Map(state.attempts).set(id, attempt),
});

const without = (state: Steering, id: number): Steering => ({
  ...state,
  attempts: new Map([...state.attempts].filter(([other]) => other !== id)),
});

/** Only what moves while as many are in flight as the climb wants says something about that setting. */
const isTelling = ({ attempts, concurrency, climb, shortSinceMs }: Steering, atMs: number): boolean =>
  concurrency === concurrencyOf(climb) &&
  attempts.size <= concurrency &&
  (shortSinceMs === undefined || Math.abs(atMs - shortSinceMs) < SHORT_MS);

function progressed(state: Steering, attempt: Attempt, { attempt: id, sent, atMs }: Of<'progress'>): Steering {
  const { mark } = attempt;
  const next = withAttempt(state, id, { ...attempt, mark: { sent, atMs } });
  if (!isTelling(state, atMs)) return { ...next, isFlowing: false };
  if (!state.isFlowing) return { ...next, isFlowing: haveFilled(next) };
  const isOfMeasure = mark.sent >= BUFFERED_BYTES && mark.atMs >= state.measuredFromMs && atMs > mark.atMs;
  return isOfMeasure ? { ...next, measure: withStreamed(next.measure, sent - mark.sent, atMs - mark.atMs) } : next;
}

const haveFilled = ({ attempts }: Steering): boolean =>
  [...attempts.values()].every(({ mark }) => mark.sent >= BUFFERED_BYTES);

function accepted(state: Steering, { startedAtMs, inFlight }: Attempt, { bytes, atMs }: Of<'accepted'>): Steering {
  const isOfMeasure = startedAtMs >= state.measuredFromMs && atMs > startedAtMs && isTelling(state, atMs);
  return {
    ...state,
    acceptedBytes: state.acceptedBytes + bytes,
    ceiling: afterAccepted(state.ceiling, inFlight, startedAtMs),
    measure: isOfMeasure ? withWhole(state.measure, bytes, atMs - startedAtMs) : state.measure,
  };
}

/** One fewer than were in flight; a part refused alone says nothing about how many may be. */
function overloaded(state: Steering, atMs: number): Steering {
  const inFlight = state.attempts.size;
  const concurrency = Math.max(AUTOMATIC_CONCURRENCY.min, Math.min(state.concurrency, inFlight - 1));
  const ceiling = inFlight > 1 ? ceilingAt(concurrency, state.ceiling, atMs, state.acceptedBytes) : undefined;
  return fresh({ ...state, concurrency, ceiling, climb: capped(state.climb, concurrency, atMs) }, atMs);
}

function decided(state: Steering, atMs: number): Steering {
  const { climb, measure, measuredFromMs, ceiling, acceptedBytes } = state;
  if (!isTelling(state, atMs)) return moved(state, atMs);
  const highest = ceiling ? highestBelow(ceiling, atMs, acceptedBytes) : AUTOMATIC_CONCURRENCY.max;
  const seen = {
    measure,
    forMs: atMs - measuredFromMs,
    pending: pendingAt(atMs, state.attempts.values(), measuredFromMs),
  };
  const next = afterSeen(climb, seen, Math.min(AUTOMATIC_CONCURRENCY.max, highest), atMs);
  return next === climb ? state : moved(fresh({ ...state, climb: next }, atMs), atMs);
}

/** Towards what the climb wants: up little by little, down at once. */
function moved(state: Steering, atMs: number): Steering {
  const wanted = concurrencyOf(state.climb);
  const steps = Math.min(RAISE.atMost, Math.floor(Math.abs(atMs - state.raisedAtMs) / RAISE.everyMs));
  const concurrency = Math.min(wanted, state.concurrency + steps);
  return concurrency === state.concurrency ? state : { ...state, concurrency, raisedAtMs: atMs };
}

const fresh = (state: Steering, atMs: number): Steering => ({
  ...state,
  measure: nothingMeasured,
  measuredFromMs: atMs,
  isFlowing: false,
});
