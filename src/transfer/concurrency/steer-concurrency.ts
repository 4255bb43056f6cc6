import { startOfSteering, steer } from '../../core/concurrency/concurrency.ts';
import type { Observation } from '../../core/concurrency/observation.ts';
import { RequestError } from '../../core/errors/request-error.ts';
import type { Clock, Limit } from '../../core/ports.ts';

/** One part's way through the bodies in flight, attempt after attempt. */
export type Lane = {
  /** Waits until one body more may be in flight: a part that was refused gives up its place meanwhile. */
  enter(signal: AbortSignal): Promise<void>;
  started(): void;
  progressed(sent: number): void;
  accepted(): void;
  /** The attempt failed, or nothing waits for it any more. */
  left(error: unknown): void;
};

/** `--concurrency auto`: what happens to parts sets how many may be in flight. */
export type ConcurrencySteering = { lane(size: number): Lane };

export function steerConcurrency(limit: Limit, clock: Clock): ConcurrencySteering {
  let state = startOfSteering(clock.now());
  let attempts = 0;
  const places = createPlaces(() => state.concurrency);

  const observe = (observation: Observation): void => {
    state = steer(state, observation);
    if (limit.concurrency !== state.concurrency) limit.concurrency = state.concurrency;
    places.fill();
  };

  const lane = (size: number): Lane => {
    let attempt = 0;
    let isInside = false;
    const leave = (): void => {
      if (isInside) places.free();
      isInside = false;
    };
    return {
      enter: async signal => {
        await places.take(signal);
        isInside = true;
      },
      started: () => {
        attempts += 1;
        attempt = attempts;
        observe({ type: 'started', attempt, bytes: size, atMs: clock.now() });
      },
      progressed: sent => observe({ type: 'progress', attempt, sent, atMs: clock.now() }),
      accepted: () => {
        observe({ type: 'accepted', attempt, bytes: size, atMs: clock.now() });
        leave();
      },
      left: error => {
        observe({ type: isOverload(error) ? 'overloaded' : 'ended', attempt, atMs: clock.now() });
        leave();
      },
    };
  };
  return { lane };
}

const isOverload = (error: unknown): boolean =>
  error instanceof RequestError &&
  (error.failure.status === 429 || error.failure.status === 503) &&
  !error.failure.quota;

/** As many places as there are now; who waits gets one in turn. */
function createPlaces(places: () => number) {
  let taken = 0;
  const waiting = new Set<() => void>();

  const fill = (): void => {
    for (const admit of waiting) {
      if (taken >= places()) return;
      taken += 1;
      admit();
    }
  };
  return {
    fill,
    free: (): void => {
      taken -= 1;
      fill();
    },
    take: (signal: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        const settle = (outcome: () => void) => (): void => {
          waiting.delete(admit);
          signal.removeEventListener('abort', giveUp);
          outcome();
        };
        const admit = settle(resolve);
        const giveUp = settle(() => reject(signal.reason));
        if (signal.aborted) return reject(signal.reason);
        signal.addEventListener('abort', giveUp);
        waiting.add(admit);
        fill();
      }),
  };
}
