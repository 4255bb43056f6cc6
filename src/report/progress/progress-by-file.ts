import type { UploadError } from '../../core/errors/errors.ts';
import type { TransferEvent } from '../../core/events/events.ts';
import type { Expected } from './expected.ts';
import { isEnded } from './phase.ts';
import { bytesMoved, noProgress, type Progress, reduce, stopped } from './progress.ts';
import { rateOver, type Sample, sampled } from './rate.ts';
import { added, nothing, type Totals, totalsOf } from './totals.ts';

/** The progress of every file known so far. */
export type Book = {
  /** A file of so many bytes waits for its turn: they are part of what is expected until its plan is known. */
  queued(path: string, bytes: number): void;
  apply(path: string, event: TransferEvent): Progress;
  fail(path: string, error: UploadError): void;
  /** Keeps of an ended file its part of the sums only: there may be a million. */
  end(path: string): void;
  /** Of all files, those that have not begun too. */
  totals(expected: Expected): Totals;
  /** Those that may still get further, in the order of their first events. */
  active(): readonly NamedProgress[];
};
export type NamedProgress = readonly [path: string, progress: Progress];

export const createBook = (now: () => number): Book => {
  const files = new Map<string, Progress>();
  const queued = new Map<string, number>();
  const speed = createSpeed(now);
  let ended = nothing;
  let endedQueued = 0;
  const of = (path: string): Progress => files.get(path) ?? noProgress(now());
  const keep = (path: string, progress: Progress): Progress => {
    speed.moved(bytesMoved(progress) - bytesMoved(of(path)));
    files.set(path, progress);
    return progress;
  };
  /** The expected bytes of files whose own count is known by now. */
  const replaced = (): number => {
    let sum = endedQueued;
    for (const [path, progress] of files) if (isCounted(progress)) sum += queued.get(path) ?? 0;
    return sum;
  };
  return {
    queued: (path, bytes) => void queued.set(path, bytes),
    apply: (path, event) => keep(path, reduce(of(path), event, now())),
    fail: (path, { code }) =>
      void keep(path, stopped(of(path), code === 'INTERRUPTED' ? 'interrupted' : 'failed', now())),
    end: path => {
      const progress = files.get(path);
      if (!progress || !isEnded(progress)) return;
      ended = added(ended, progress, now());
      endedQueued += queued.get(path) ?? 0;
      files.delete(path);
      queued.delete(path);
    },
    totals: ({ files: count, bytes, isWhole }) => {
      const sum = totalsOf(files.values(), now(), ended);
      const waiting = Math.max(0, bytes - replaced());
      return { ...sum, files: count, bytes: sum.bytes + waiting, rate: speed.now(), isWhole };
    },
    active: () => [...files].filter(([, progress]) => !isEnded(progress)),
  };
};

const isCounted = (progress: Progress): boolean => progress.bytes > 0 || isEnded(progress);

/** The run's own speed: that of files which begin and end all the time says nothing. */
const createSpeed = (now: () => number) => {
  let moved = 0;
  let samples: readonly Sample[] = [{ atMs: now(), moved }];
  const sample = (): Sample => {
    const latest = { atMs: now(), moved };
    samples = sampled(samples, latest);
    return latest;
  };
  return {
    moved: (bytes: number): void => {
      moved += Math.max(0, bytes);
      sample();
    },
    now: (): number => rateOver(samples, sample()),
  };
};
