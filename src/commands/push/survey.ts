import { createHash } from 'node:crypto';
import type { Jobs } from './jobs.ts';

/** What is known of all files before the first one is sent; a few bytes for each. */
export type Survey = {
  /** The first job of the same file: this one, unless the file was named before. */
  firstOf(index: number): number;
  /** Whether a later job names the same file. */
  isRepeated(index: number): boolean;
  /** Bytes; 0 where there is no such file. */
  sizeOf(index: number): number;
  /** Files, each counted once. */
  readonly files: number;
};

/** Which file a path is, whatever it is called, and its size where there is one. */
export type Located = { readonly file: string; readonly size: number };

export const surveyOf = async (jobs: Jobs, locate: (path: string) => Promise<Located>): Promise<Survey> => {
  const [firsts, sizes, repeated] = [new Uint32Array(jobs.size), new Float64Array(jobs.size), new Set<number>()];
  const indexes = new Map<string, number>();
  const located = eachOf(jobs, async job => ({ job, ...(await locate(job.path)) }));
  for await (const [index, { job, file, size }] of located) {
    const name = shortName(`${job.range?.start ?? ''} ${file}`);
    const first = indexes.get(name) ?? index;
    if (first === index) indexes.set(name, index);
    else repeated.add(first);
    firsts[index] = first;
    sizes[index] = job.range ? job.range.end - job.range.start : size;
  }
  return {
    firstOf: index => firsts[index] as number,
    isRepeated: index => repeated.has(index),
    sizeOf: index => sizes[index] as number,
    files: indexes.size,
  };
};

/** 128 bits of a hash, for which no second name can be made up. A million whole paths would take ten times the memory. */
const shortName = (name: string): string =>
  createHash('sha256').update(name, 'utf16le').digest().toString('latin1', 0, 16);

/** Files that are looked up at the same time. */
const AT_ONCE = 64;

/** What a look at each finds, in their order, a few looks at the same time. */
export async function* eachOf<One, Found>(
  all: { readonly size: number; at(index: number): One },
  look: (one: One) => Promise<Found>,
): AsyncGenerator<readonly [index: number, found: Found]> {
  for (let from = 0; from < all.size; from += AT_ONCE) {
    const count = Math.min(AT_ONCE, all.size - from);
    const found = await Promise.all(Array.from({ length: count }, (_, step) => look(all.at(from + step))));
    for (const [step, one] of found.entries()) yield [from + step, one];
  }
}
