import type { Observation } from './observation.ts';
import { addTo, noRate, type Rate } from './rate.ts';

/** The attempts in flight, and what is measured while a certain number of them is. */
export type InFlight = {
  readonly attempts: ReadonlyMap<number, Attempt>;
  readonly acceptedBytes: number;
  readonly rate: Rate;
  /** Since when the number is in flight, and since when its parts have their share of the line. */
  readonly fullSinceMs: number | undefined;
  readonly sinceMs: number | undefined;
  /** Since when another number is in flight. */
  readonly otherSinceMs: number | undefined;
};

type Attempt = { readonly startedAtMs: number; readonly reports: number; readonly sent: number; readonly atMs: number };

/** Between two parts fewer are in flight for a moment. Where it is longer, there are no more parts, or they wait. */
const MOMENT_MS = 250;

const unmeasured = { rate: noRate, fullSinceMs: undefined, sinceMs: undefined } as const;

export const noneInFlight: InFlight = { attempts: new Map(), acceptedBytes: 0, ...unmeasured, otherSinceMs: undefined };

/** The same attempts, measured afresh. */
export const measuredAnew = (inFlight: InFlight): InFlight => ({ ...inFlight, ...unmeasured });

/** What is in flight after one more observation, and measured where exactly `wanted` attempts are. */
export const afterObservation = (inFlight: InFlight, observation: Observation, wanted: number, settleMs: number) =>
  measuring(noted(inFlight, observation), wanted, settleMs, observation.atMs);

function noted(inFlight: InFlight, observation: Observation): InFlight {
  const { attempt: id, atMs, type } = observation;
  const attempt = inFlight.attempts.get(id);
  if (type === 'started') return withAttempt(inFlight, id, { startedAtMs: atMs, reports: 0, sent: 0, atMs });
  if (!attempt) return inFlight;
  if (type === 'progress') return progressed(inFlight, id, attempt, observation.sent, atMs);
  const attempts = new Map([...inFlight.attempts].filter(([other]) => other !== id));
  return type === 'accepted'
    ? accepted({ ...inFlight, attempts }, attempt, observation.bytes, atMs)
    : { ...inFlight, attempts };
}

const withAttempt = (inFlight: InFlight, id: number, attempt: Attempt): InFlight => ({
  ...inFlight,
  attempts: new Map(inFlight.attempts).set(id, attempt),
});

/** The bytes of a first report may only have filled socket buffers. */
function progressed(inFlight: InFlight, id: number, before: Attempt, sent: number, atMs: number): InFlight {
  const next = withAttempt(inFlight, id, { ...before, reports: before.reports + 1, sent, atMs });
  const counts =
    before.reports > 0 && before.atMs >= (inFlight.sinceMs ?? Number.POSITIVE_INFINITY) && atMs > before.atMs;
  return counts ? { ...next, rate: addTo(next.rate, 'within', sent - before.sent, atMs - before.atMs) } : next;
}

function accepted(inFlight: InFlight, { startedAtMs }: Attempt, bytes: number, atMs: number): InFlight {
  const counts = startedAtMs >= (inFlight.fullSinceMs ?? Number.POSITIVE_INFINITY) && atMs > startedAtMs;
  const rate = counts ? addTo(inFlight.rate, 'whole', bytes, atMs - startedAtMs) : inFlight.rate;
  return { ...inFlight, rate, acceptedBytes: inFlight.acceptedBytes + bytes };
}

/** Measuring begins when exactly so many have been in flight for a while: by then new ones have their share of the line. */
function measuring(inFlight: InFlight, wanted: number, settleMs: number, atMs: number): InFlight {
  if (inFlight.attempts.size !== wanted) {
    const otherSinceMs = inFlight.otherSinceMs ?? atMs;
    return { ...inFlight, ...(Math.abs(atMs - otherSinceMs) >= MOMENT_MS && unmeasured), otherSinceMs };
  }
  const fullSinceMs = inFlight.fullSinceMs ?? atMs;
  const sinceMs = inFlight.sinceMs ?? (atMs - fullSinceMs >= settleMs ? atMs : undefined);
  return { ...inFlight, fullSinceMs, sinceMs, otherSinceMs: undefined };
}
