import { setTimeout as sleep } from 'node:timers/promises';

/** Other files of the run give theirs back within that; a system without any is out of order. */
const PATIENCE_MS = 30_000;
const AGAIN_MS = 50;

/** Descriptors that a run needs besides those of its files: streams, threads, kept connections. */
const BESIDES = 40;

/** What one file in flight takes: itself, its journal, a connection, a lock. */
const FOR_ONE = 4;

/** Opens something; waits where the process or the system has no descriptor left. */
export const whenFree = async <T>(open: () => Promise<T>): Promise<T> => {
  for (let waitedMs = 0; ; waitedMs += AGAIN_MS) {
    try {
      return await open();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if ((code !== 'EMFILE' && code !== 'ENFILE') || waitedMs >= PATIENCE_MS) throw error;
      await sleep(AGAIN_MS);
    }
  }
};

/** How many files may be in flight under the limit of open files (`ulimit -n`), at least 1. */
export const filesAtOnce = (most: number): number => {
  const soft = softLimit();
  return soft === undefined ? most : Math.max(1, Math.min(most, Math.floor((soft - BESIDES) / FOR_ONE)));
};

/** Node tells the limit in its diagnostic report alone. */
const softLimit = (): number | undefined => {
  const report = process.report?.getReport() as
    | { readonly userLimits?: { readonly open_files?: { readonly soft?: unknown } } }
    | undefined;
  const soft = report?.userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : undefined;
};
