import type { Clock } from '../../src/core/ports.ts';

/** Time that moves only when a test says so: sleepers wake in order, and nothing really waits. */
export type VirtualClock = Clock & {
  /** Lets so much time pass, waking sleepers at their instants. */
  advance(ms: number): Promise<void>;
  /** So much time is suddenly over; sleepers wake with the next advance. */
  jump(ms: number): void;
  /** Lets time pass until `done` settles. */
  until<T>(done: Promise<T>): Promise<T>;
};

type Sleeper = { readonly atMs: number; wake(): void };

export const createVirtualClock = (startMs = 1_000_000): VirtualClock => {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();

  const sleep: Clock['sleep'] = (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const forget = (): void => {
        sleepers.delete(sleeper);
        signal.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        forget();
        reject(signal.reason);
      };
      const wake = (): void => {
        forget();
        resolve();
      };
      const sleeper = { atMs: nowMs + ms, wake };
      sleepers.add(sleeper);
      signal.addEventListener('abort', abort);
    });

  const next = (): Sleeper | undefined => [...sleepers].sort((a, b) => a.atMs - b.atMs)[0];

  const advance = async (ms: number): Promise<void> => {
    const endMs = nowMs + ms;
    await settled();
    for (let sleeper = next(); sleeper && sleeper.atMs <= endMs; sleeper = next()) {
      nowMs = Math.max(nowMs, sleeper.atMs);
      sleeper.wake();
      await settled();
    }
    nowMs = endMs;
  };

  const until = async <T>(done: Promise<T>): Promise<T> => {
    let over = false;
    const watched = done.finally(() => {
      over = true;
    });
    watched.catch(() => {});
    for (await settled(); !over; await settled()) {
      const sleeper = next();
      if (!sleeper) throw new Error('everybody waits, and nobody for the clock');
      nowMs = Math.max(nowMs, sleeper.atMs);
      sleeper.wake();
    }
    return watched;
  };
  const jump = (ms: number): void => {
    nowMs += ms;
  };
  return { now: () => nowMs, monotonic: () => nowMs, sleep, advance, jump, until };
};

/** Every promise that can settle without time has. */
const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
