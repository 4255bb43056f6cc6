import { createHash } from 'node:crypto';
import type { Expected } from '../../report/progress/expected.ts';
import type { Jobs } from './jobs.ts';

/** What a look at all files tells; a few bytes for each. It goes on while the first of a long list are sent. */
export type Survey = {
  /** Settles when this job has been looked at, and may begin. */
  known(index: number): Promise<void>;
  /** Settles when all have been looked at. */
  readonly whole: Promise<void>;
  /** The first job of the same file: this one, unless the file was named before. */
  firstOf(index: number): number;
  /** Whether a later job names the same file, or may do so as long as not all have been looked at. */
  mayRepeat(index: number): boolean;
  /** Bytes; 0 where there is no such file. */
  sizeOf(index: number): number;
  /** The files found so far, each counted once. */
  expected(): Expected;
};

/** Which file a path is, whatever it is called, and its size where there is one. */
export type Located = { readonly file: string; readonly size: number };

/** Jobs that are looked at before the first of them begins: all of a short list. */
const AHEAD = 10_000;

/**
 * Jobs that may begin before all have been looked at. What becomes of them is kept as long as another may name the same
 * file; an error takes ten times the memory of a path.
 */
const EARLY = 1000;

/** Looks at every file in the order of the jobs. The looks of a short list are over when the first job is known. */
export const startSurvey = (jobs: Jobs, locate: (path: string) => Promise<Located>): Survey => {
  const [firsts, sizes, repeated] = [new Uint32Array(jobs.size), new Float64Array(jobs.size), new Set<number>()];
  const indexes = new Map<string, number>();
  let [files, bytes, looked] = [0, 0, 0];
  const lookAt = async (end: number): Promise<void> => {
    const located = eachOf(jobs, async job => ({ job, ...(await locate(job.path)) }), looked, end);
    for await (const [index, { job, file, size }] of located) {
      const name = shortName(`${job.range?.start ?? ''} ${file}`);
      const first = indexes.get(name) ?? index;
      firsts[index] = first;
      sizes[index] = job.range ? job.range.end - job.range.start : size;
      if (first === index) {
        indexes.set(name, index);
        files += 1;
        bytes += sizes[index];
      } else repeated.add(first);
      looked = index + 1;
    }
  };
  const begun = lookAt(Math.min(AHEAD, jobs.size));
  const whole = begun
    .then(() => lookAt(jobs.size))
    // The names are the most of what a survey holds.
    .then(() => indexes.clear());
  const isWhole = (): boolean => looked === jobs.size;
  return {
    known: index => (index < EARLY ? begun : whole),
    whole,
    firstOf: index => firsts[index] as number,
    mayRepeat: index => !isWhole() || repeated.has(index),
    sizeOf: index => sizes[index] as number,
    expected: () => ({ files, bytes, isWhole: isWhole() }),
  };
};

/** 128 bits of a hash, for which no second name can be made up. A million whole paths would take ten times the memory. */
const shortName = (name: string): string =>
  createHash('sha256').update(name, 'utf16le').digest().toString('latin1', 0, 16);

/** Files that are looked up at the same time. */
const AT_ONCE = 64;

/** What a look at each, or those from `begin` to before `end`, finds, in their order, a few looks at the same time. */
export async function* eachOf<One, Found>(
  all: { readonly size: number; at(index: number): One },
  look: (one: One) => Promise<Found>,
  begin = 0,
  end = all.size,
): AsyncGenerator<readonly [index: number, found: Found]> {
  for (let from = begin; from < end; from += AT_ONCE) {
    const count = Math.min(AT_ONCE, end - from);
    const found = await Promise.all(Array.from({ length: count }, (_, step) => look(all.at(from + step))));
    for (const [step, one] of found.entries()) yield [from + step, one];
  }
}
