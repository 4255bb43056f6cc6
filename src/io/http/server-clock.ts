import type { Clock } from '../../core/ports.ts';
import { systemClock } from '../output/clock.ts';

/**
 * The server's clock, as the `Date` of its answers tells it; the local one until then. Between answers it is the
 * monotonic clock that moves it on: setting the machine's clock must not make an upload expire.
 */
export type ServerClock = { now(): number; learn(dateMs: number): void };

/** No server's clock is set to another century: such a date would make uploads expire, or never. */
const isPlausible = (dateMs: number): boolean => dateMs > Date.UTC(2000) && dateMs < Date.UTC(2200);

export const createServerClock = ({ now, monotonic }: Pick<Clock, 'now' | 'monotonic'> = systemClock): ServerClock => {
  let startMs = now() - monotonic();
  return {
    now: () => startMs + monotonic(),
    // `Date` has whole seconds: a difference below that is rounding, not a wrong clock.
    learn: dateMs => {
      if (!isPlausible(dateMs)) return;
      const difference = dateMs - (startMs + monotonic());
      if (Math.abs(difference) >= 1500) startMs += difference;
    },
  };
};
