import type { Clock } from '../core/ports.ts';

/** The one instant before which no request of the run may start. */
export type Gate = {
  /** Never opens earlier than it was closed for before. */
  closeFor(ms: number): void;
  passed(signal: AbortSignal): Promise<void>;
};

export const createGate = (clock: Clock): Gate => {
  let openAtMs = 0;
  return {
    closeFor: ms => {
      openAtMs = Math.max(openAtMs, clock.now() + ms);
    },
    passed: async signal => {
      // Asked again after each sleep: another request may have closed it further meanwhile.
      for (let waitMs = openAtMs - clock.now(); waitMs > 0; waitMs = openAtMs - clock.now())
        await clock.sleep(waitMs, signal);
    },
  };
};
