import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

// A process may have so many files, sockets and threads open (`ulimit -n`). Node alone has some twenty. Each thread of
// Node takes four, and code that is loaded late cannot wait: so a run uses fewer of everything where the limit is low.

/** Other files of the run give theirs back within that; a system without any is out of order. */
const PATIENCE_MS = 30_000;
const AGAIN_MS = 50;

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

/** Descriptors that a run needs besides those of its files: Node's own, streams, kept connections, code. */
const BESIDES = 40;

/** What one file in flight takes: itself, its journal, a connection, a lock. */
const FOR_FILE = 4;

/** How many files may be in flight, at least 1. */
export const filesAtOnce = (most: number): number => within(most, 1, (softLimit() - BESIDES) / FOR_FILE);

/** Connections of a concurrency that is chosen for the network, which any limit allows. */
const FEW_CONNECTIONS = 16;

/** How many parts may be in flight, of so many that the user allows. */
export const connectionsAtOnce = (most: number): number =>
  most <= FEW_CONNECTIONS ? most : within(most, FEW_CONNECTIONS, softLimit() - BESIDES - FEW_CONNECTIONS);

/** Where files and connections have theirs, the rest is for threads: two for each file that is hashed. */
const BESIDES_THREADS = 72;
const FOR_THREADS = 16;

/** How many files may be hashed in threads at the same time; 0 under a low limit. */
export const hashedInThreadsAtOnce = (): number =>
  within(Number.POSITIVE_INFINITY, 0, (softLimit() - BESIDES_THREADS) / FOR_THREADS);

const within = (most: number, least: number, allowed: number): number =>
  Math.max(least, Math.min(most, Math.floor(allowed)));

let known: number | undefined;

const softLimit = (): number => {
  known ??= limitOfSystem() ?? limitOfReport() ?? Number.POSITIVE_INFINITY;
  return known;
};

const limitOfSystem = (): number | undefined => {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
};

/** Elsewhere Node tells the limit in its diagnostic report alone. */
const limitOfReport = (): number | undefined => {
  const report = process.report?.getReport() as
    | { readonly userLimits?: { readonly open_files?: { readonly soft?: unknown } } }
    | undefined;
  const soft = report?.userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : undefined;
};
