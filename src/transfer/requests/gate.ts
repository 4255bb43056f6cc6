import type { Clock } from '../../core/ports.ts';

/** The one instant before which no request of the run may start. */
export type Gate = {
  /** Never opens earlier than it was closed for before. With a reason, requests do not wait: until then it is thrown. */
  closeFor(ms: number, tooLong?: unknown): void;
  passed(signal: AbortSignal): Promise<void>;
};

export const createGate = (clock: Clock): Gate => {
  let openAtMs = 0;
  let reason: unknown;
  return {
    closeFor: (ms, tooLong) => {
      if (clock.monotonic() >= openAtMs) reason = undefined;
      openAtMs = Math.max(openAtMs, clock.monotonic() + ms);
      reason ??= tooLong;
    },
    passed: async signal => {
      // Asked again after each sleep: another request may have closed it further meanwhile.
      for (let waitMs = openAtMs - clock.monotonic(); waitMs > 0; waitMs = openAtMs - clock.monotonic()) {
        if (reason !== undefined) throw reason;
        await clock.sleep(waitMs, signal);
      }
    },
  };
};
