import type { UploadError } from '../../core/errors/errors.ts';
import type { TransferEvent } from '../../core/events/events.ts';
import { isEnded } from './phase.ts';
import { noProgress, type Progress, reduce, stopped } from './progress.ts';
import { added, nothing, type Totals, totalsOf } from './totals.ts';

/** The progress of every file known so far. */
export type Book = {
  apply(path: string, event: TransferEvent): Progress;
  fail(path: string, error: UploadError): void;
  /** Keeps of an ended file its part of the sums only: there may be a million. */
  end(path: string): void;
  /** Of all files, out of so many. */
  totals(files: number): Totals;
  /** Those that may still get further, in the order of their first events. */
  active(): readonly NamedProgress[];
};
export type NamedProgress = readonly [path: string, progress: Progress];

export const createBook = (now: () => number): Book => {
  const files = new Map<string, Progress>();
  let ended = nothing;
  const of = (path: string): Progress => files.get(path) ?? noProgress(now());
  return {
    apply: (path, event) => {
      const progress = reduce(of(path), event, now());
      files.set(path, progress);
      return progress;
    },
    fail: (path, { code }) =>
      void files.set(path, stopped(of(path), code === 'INTERRUPTED' ? 'interrupted' : 'failed', now())),
    end: path => {
      const progress = files.get(path);
      if (!progress || !isEnded(progress)) return;
      ended = added(ended, progress, now());
      files.delete(path);
    },
    totals: count => totalsOf(files.values(), now(), count, ended),
    active: () => [...files].filter(([, progress]) => !isEnded(progress)),
  };
};
