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

/** `roundTripMs` is asked when the first part starts: by then a connection was made. */
export const searchConcurrency = (
  limit: Limit,
  clock: Clock,
  roundTripMs: () => number | undefined,
): ConcurrencySearch => {
  let search: ReturnType<typeof startOfSearch> | undefined;
  let attempts = 0;

  const observe = (observation: Observation): void => {
    search = afterObserving(search ?? startOfSearch(observation.atMs, roundTripMs()), observation);
    if (limit.concurrency !== search.concurrency) limit.concurrency = search.concurrency;
  };

  const watch = (size: number): PartWatch => {
    let attempt = 0;
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
