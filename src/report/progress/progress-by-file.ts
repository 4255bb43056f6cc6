import type { TransferEvent } from '../../core/events/events.ts';
import { isEnded } from './phase.ts';
import { failed, noProgress, type Progress, reduce } from './progress.ts';

/** The progress of every file known so far. */
export type Book = {
  apply(path: string, event: TransferEvent): Progress;
  fail(path: string): void;
  all(): Iterable<Progress>;
  /** Those that may still get further, in the order of their first events. */
  active(): readonly NamedProgress[];
};
export type NamedProgress = readonly [path: string, progress: Progress];

export const createBook = (now: () => number): Book => {
  const files = new Map<string, Progress>();
  const of = (path: string): Progress => files.get(path) ?? noProgress(now());
  return {
    apply: (path, event) => {
      const progress = reduce(of(path), event, now());
      files.set(path, progress);
      return progress;
    },
    fail: path => void files.set(path, failed(of(path), now())),
    all: () => files.values(),
    active: () => [...files].filter(([, progress]) => !isEnded(progress)),
  };
};
