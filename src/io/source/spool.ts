import { randomBytes } from 'node:crypto';
import { readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { asUploadError, sourceError, withHint } from '../../core/errors/errors.ts';
import type { Fingerprint } from '../../core/model/manifest.ts';
import type { Locks, Release } from '../../core/ports.ts';
import { type Arrival, createArrival } from '../read/arrival.ts';
import { makeFolder } from '../state/make-folder.ts';
import {
  cannotKeep,
  createSpoolFile,
  type Filling,
  fillFile,
  isSpoolFile,
  isWhole,
  removeSpool,
} from './spool-file.ts';

/** Stdin as a file, because it cannot be read twice. */
export type Spool = {
  /** Begins to take in all of a stream. */
  take(input: Readable, wish: Filling, signal: AbortSignal): Promise<Taken>;
  /** Whether a path is of the spool. */
  holds(path: string): Promise<boolean>;
  /** Keeps others from removing it; throws where it is not whole. */
  hold(path: string, signal: AbortSignal): Promise<Held>;
  /** Removes what is not needed, or not whole, and no run is at; how many that were. */
  sweep(needed: ReadonlySet<string>, signal: AbortSignal): Promise<number>;
};

export type Held = { readonly path: string; readonly release: Release };

/** A stream on its way into a file. Released before the file is whole, the rest is not read and nothing is left. */
export type Taken = Held & {
  /** The last bytes count only once the file is whole: a reader cannot get all of a stream that is not what it should be. */
  readonly arrival: Arrival;
  /** Settles when all of the stream is on disk; rejects where it never will be. */
  readonly whole: Promise<Fingerprint>;
};

const SUFFIX = '.spool';

/** A spool, or the mark of one that is not whole. */
const SPOOL_NAME = /^[0-9a-f]{16}\.spool(\.filling)?$/;

/** Whether a path is of the spool in this folder. Saved uploads name their file by its real path. */
export const isInSpool = async (folder: string, path: string): Promise<boolean> =>
  path.endsWith(SUFFIX) && dirname(path) === (await real(folder));

export const createSpool = (folder: string, locks: Locks): Spool => {
  const lock: Lock = (path, signal) => locks.acquire(`spool ${path}`, 0, signal);
  return {
    take: async (input, wish, signal) => {
      const path = await newPath(folder).catch(cannotKeep(folder));
      return takeInto(path, input, wish, await lock(path, signal), signal);
    },
    holds: path => isInSpool(folder, path),
    hold: async (path, signal) => {
      if (!(await isWhole(path))) throw notWhole(path);
      return { path, release: await lock(path, signal) };
    },
    sweep: async (needed, signal) => {
      let removed = 0;
      const home = await real(folder);
      for (const name of await spoolsIn(home)) if (await swept(join(home, name), needed, lock, signal)) removed += 1;
      return removed;
    },
  };
};

type Lock = (path: string, signal: AbortSignal) => Promise<Release>;

/** Takes a stream into a file that is locked. */
async function takeInto(
  path: string,
  input: Readable,
  wish: Filling,
  unlock: Release,
  signal: AbortSignal,
): Promise<Taken> {
  const stop = new AbortController();
  const leave = async (): Promise<void> => {
    if (!(await isWhole(path))) await removeSpool(path);
    await unlock();
  };
  try {
    const filling = await fill(path, input, wish, AbortSignal.any([signal, stop.signal]));
    const release = async (): Promise<void> => {
      stop.abort();
      await filling.whole.catch(() => {});
      await leave();
    };
    return { path, ...filling, release };
  } catch (error) {
    await leave();
    throw error;
  }
}

/** Removes one that is not needed, or not whole, and that no run is at; whether it did. */
async function swept(path: string, needed: ReadonlySet<string>, lock: Lock, signal: AbortSignal): Promise<boolean> {
  const release = await lock(path, signal).catch(() => undefined);
  if (!release) return false;
  const unneeded = !needed.has(path) || !(await isWhole(path));
  if (unneeded) await removeSpool(path);
  await release();
  return unneeded;
}

/** Fills a new file while it is read. */
async function fill(
  path: string,
  input: Readable,
  { size, onProgress }: Filling,
  signal: AbortSignal,
): Promise<Pick<Taken, 'arrival' | 'whole'>> {
  const file = await createSpoolFile(path);
  const arrival = createArrival();
  let received = 0;
  const count = (bytes: number): void => {
    received = bytes;
    onProgress(bytes);
    if (bytes !== size) arrival.advance(bytes);
  };
  const whole = fillFile(path, file, input, { size, onProgress: count }, signal).then(
    fingerprint => {
      arrival.advance(received);
      return fingerprint;
    },
    thrown => {
      const error = signal.aborted ? cutShort(signal.reason) : thrown;
      arrival.fail(error);
      throw error;
    },
  );
  // What waits for the bytes fails too.
  whole.catch(() => {});
  return { arrival, whole };
}

const cutShort = (reason: unknown) =>
  withHint(asUploadError(reason), 'stdin was not read to its end, so nothing of it is kept: pipe it in again');

const real = (folder: string): Promise<string> => realpath(folder).catch(() => folder);

const newPath = async (folder: string): Promise<string> => {
  await makeFolder(folder);
  return join(await real(folder), `${randomBytes(8).toString('hex')}${SUFFIX}`);
};

/** The spools of a folder, also those of which only the marker was made. */
const spoolsIn = async (folder: string): Promise<readonly string[]> => {
  const names = await readdir(folder).catch(() => []);
  const ours = names.filter(name => SPOOL_NAME.test(name));
  const removable = await Promise.all(ours.map(name => isSpoolFile(join(folder, name))));
  return [...new Set(ours.filter((_, index) => removable[index]).map(name => name.replace(/\.filling$/, '')))];
};

const notWhole = (path: string) =>
  sourceError(
    'not-whole',
    `${path} is not all of stdin: the run that read it was killed`,
    'pipe it in again; clean forgets it',
  );
