import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { expect } from 'vitest';

/** `npm run torture`: everything in full, however long it takes. */
export const TORTURE = process.env['TORTURE'] === '1';

/** A count for every run of the suite, and the one for torture. */
export const reduced = (usual: number, torture: number): number => (TORTURE ? torture : usual);

/** One line of figures in the test's output, and for the page that `npm run torture` writes. */
export const figures = (line: string): void => {
  console.log(`figures: ${line}`);
  const page = process.env['FIGURES_TO'];
  if (page) appendFileSync(page, `${JSON.stringify({ suite: suiteName(), line })}\n`);
};

const suiteName = (): string => relative(process.cwd(), expect.getState().testPath ?? '');

/** The same numbers for the same seed (mulberry32), so that a failure can be run again. */
export function seeded(seed: number): { next(): number; below(count: number): number } {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, below: count => Math.floor(next() * count) };
}

/** `effect` on each, `atOnce` at a time; ends with the first failure. */
export async function eachOf<T>(
  things: Iterable<T>,
  atOnce: number,
  effect: (thing: T, index: number) => Promise<void>,
): Promise<void> {
  const entries = [...things].entries();
  const lane = async (): Promise<void> => {
    for (const [index, thing] of entries) await effect(thing, index);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
