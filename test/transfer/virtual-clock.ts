import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/core/ports.ts';

/** A clock whose time passes only when everyone sleeps. */
export type VirtualClock = Clock & {
  /** Every sleep that was asked for, in order. */
  readonly sleeps: readonly number[];
  /** Lets time pass until the work is done. */
  during<T>(work: Promise<T>): Promise<T>;
};

export const virtualClock = (): VirtualClock => {
  let nowMs = 1_000_000;
  const sleeps: number[] = [];
  const sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];
  return {
    sleeps,
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        sleeps.push(ms);
        sleepers.push({ atMs: nowMs + ms, wake: resolve });
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
    during: async work => {
      let isOver = false;
      const over = (): void => {
        isOver = true;
      };
      work.then(over, over);
      for (;;) {
        // Whatever can go on without time passing does so first.
        for (let turns = 0; turns < 5; turns += 1) await turn();
        if (isOver) return work;
        sleepers.sort((a, b) => a.atMs - b.atMs);
        const next = sleepers.shift();
        if (!next) throw new Error('everyone waits, and nobody sleeps');
        nowMs = Math.max(nowMs, next.atMs);
        next.wake();
      }
    },
  };
};
