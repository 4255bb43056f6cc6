import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 10;

/** What is waited for takes milliseconds; this only ends a test that waits for what never comes. */
const PATIENCE_MS = 120_000;

/** Resolves with the first value that is neither undefined nor false. For conditions that announce themselves by no event. */
export async function eventually<T>(what: string, look: () => T | Promise<T>): Promise<Exclude<T, undefined | false>> {
  for (
    const startedAtMs = performance.now();
    performance.now() - startedAtMs < PATIENCE_MS;
    await sleep(LOOK_EVERY_MS)
  ) {
    const found = await look();
    if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
  }
  throw new Error(`it took too long until ${what}`);
}
