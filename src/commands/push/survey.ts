import { createHash } from 'node:crypto';
import type { FileJob } from '../../core/model/file-job.ts';
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
  for (let from = 0; from < jobs.size; from += AT_ONCE) {
    const count = Math.min(AT_ONCE, jobs.size - from);
    const batch = Array.from({ length: count }, (_, step) => jobs.at(from + step));
    for (const [step, { file, size }] of (await Promise.all(batch.map(({ path }) => locate(path)))).entries()) {
      const [job, index] = [batch[step] as FileJob, from + step];
      const name = shortName(`${job.range?.start ?? ''} ${file}`);
      const first = indexes.get(name) ?? index;
      if (first === index) indexes.set(name, index);
      else repeated.add(first);
      firsts[index] = first;
      sizes[index] = job.range ? job.range.end - job.range.start : size;
    }
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
