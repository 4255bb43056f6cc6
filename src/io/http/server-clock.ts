/** The server's clock, as the `Date` of its answers tells it; the local one until then. */
export type ServerClock = { now(): number; learn(dateMs: number): void };

/** No server's clock is set to another century: such a date would make uploads expire, or never. */
const isPlausible = (dateMs: number): boolean => dateMs > Date.UTC(2000) && dateMs < Date.UTC(2200);

export const createServerClock = (localNow: () => number = Date.now): ServerClock => {
  let aheadMs = 0;
  return {
    now: () => localNow() + aheadMs,
    // `Date` has whole seconds: a difference below that is rounding, not a wrong clock.
    learn: dateMs => {
      if (!isPlausible(dateMs)) return;
      const difference = dateMs - localNow();
      aheadMs = Math.abs(difference) < 1500 ? 0 : difference;
    },
  };
};
