import type { Observation } from '../../core/concurrency/observation.ts';
import { afterObserving, startOfSearch } from '../../core/concurrency/search.ts';
import { RequestError } from '../../core/errors/request-error.ts';
import type { Clock, Limit } from '../../core/ports.ts';

/** What happens to the attempts at one part, one after the other. */
export type PartWatch = {
  started(): void;
  /** Bytes sent so far. */
  progressed(sent: number): void;
  accepted(): void;
  failed(error: unknown): void;
};

/** `--concurrency auto`: what happens to parts sets how many may be in flight. */
export type ConcurrencySearch = { watch(size: number): PartWatch };

/** A part that takes longer loses too much when the run is interrupted. */
const LONGEST_PART_MS = 10_000;

/**
 * `roundTripMs` is asked when the first part starts: by then a connection was made. With `limitRate`, in bytes a second
 * for all parts together, no more parts share it than let the largest be sent in 10 seconds, but at least one.
 */
export const searchConcurrency = (
  limit: Limit,
  clock: Clock,
  roundTripMs: () => number | undefined,
  limitRate = Number.POSITIVE_INFINITY,
): ConcurrencySearch => {
  let search: ReturnType<typeof startOfSearch> | undefined;
  let attempts = 0;
  let largest = 1;
  const most = (): number => Math.max(1, Math.floor((limitRate * LONGEST_PART_MS) / 1000 / largest));

  const observe = (observation: Observation): void => {
    search = afterObserving(search ?? startOfSearch(observation.atMs, roundTripMs()), observation);
    const wanted = Math.min(search.concurrency, most());
    if (limit.concurrency !== wanted) limit.concurrency = wanted;
  };

  const watch = (size: number): PartWatch => {
    let attempt = 0;
    largest = Math.max(largest, size);
    return {
      started: () => {
        attempts += 1;
        attempt = attempts;
        observe({ type: 'started', attempt, bytes: size, atMs: clock.monotonic() });
      },
      progressed: sent => observe({ type: 'progress', attempt, sent, atMs: clock.monotonic() }),
      accepted: () => observe({ type: 'accepted', attempt, bytes: size, atMs: clock.monotonic() }),
      failed: error => observe({ type: isOverload(error) ? 'overloaded' : 'ended', attempt, atMs: clock.monotonic() }),
    };
  };
  return { watch };
};

const isOverload = (error: unknown): boolean =>
  error instanceof RequestError &&
  (error.failure.status === 429 || error.failure.status === 503) &&
  !error.failure.quota;
