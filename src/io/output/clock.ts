import { setTimeout } from 'node:timers/promises';
import { monotonicMs } from '../../core/policy/monotonic.ts';
import type { Clock } from '../../core/ports.ts';

/** The machine's own time. */
export const systemClock: Clock = {
  now: Date.now,
  monotonic: monotonicMs,
  sleep: async (ms, signal) => {
    try {
      await setTimeout(ms, undefined, { signal });
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  },
};
