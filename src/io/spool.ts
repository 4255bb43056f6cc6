import { randomBytes } from 'node:crypto';
import { readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { sourceError } from '../core/errors.ts';
import type { Locks, Release } from '../core/ports.ts';
import { makeFolder } from './make-folder.ts';
import { cannotKeep, type Filling, fillFile, isWhole, removeSpool } from './spool-file.ts';

/** Stdin as a file, because it cannot be read twice. */
export type Spool = {
  /** Takes in all of a stream. The file is whole once this settles; where it rejects, nothing is left. */
  fill(input: Readable, wish: Filling, signal: AbortSignal): Promise<Held>;
  /** Whether a path is of the spool. */
  holds(path: string): Promise<boolean>;
  /** Keeps others from removing it; throws where it is not whole. */
  hold(path: string, signal: AbortSignal): Promise<Held>;
  /** Removes what is not needed, or not whole, and no run is at; how many that were. */
  sweep(needed: ReadonlySet<string>, signal: AbortSignal): Promise<number>;
};
export type Held = { readonly path: string; readonly release: Release };

const SUFFIX = '.spool';

export const createSpool = (folder: string, locks: Locks): Spool => {
  const lock = (path: string, signal: AbortSignal): Promise<Release> => locks.acquire(`spool ${path}`, 0, signal);

  const fill: Spool['fill'] = async (input, wish, signal) => {
    const path = await newPath(folder).catch(cannotKeep(folder));
    const release = await lock(path, signal);
    try {
      await fillFile(path, input, wish, signal);
      return { path, release };
    } catch (error) {
      await removeSpool(path);
      await release();
      signal.throwIfAborted();
      throw error;
    }
  };

  const sweepOne = async (path: string, needed: ReadonlySet<string>, signal: AbortSignal): Promise<boolean> => {
    const release = await lock(path, signal).catch(() => undefined);
    if (!release) return false;
    const unneeded = !needed.has(path) || !(await isWhole(path));
    if (unneeded) await removeSpool(path);
    await release();
    return unneeded;
  };

  return {
    fill,
    holds: async path => path.endsWith(SUFFIX) && dirname(path) === (await real(folder)),
    hold: async (path, signal) => {
      if (!(await isWhole(path))) throw notWhole(path);
      return { path, release: await lock(path, signal) };
    },
    sweep: async (needed, signal) => {
      let removed = 0;
      const home = await real(folder);
      for (const name of await spoolsIn(home)) if (await sweepOne(join(home, name), needed, signal)) removed += 1;
      return removed;
    },
  };
};

/** Saved uploads name their file by its real path. */
const real = (folder: string): Promise<string> => realpath(folder).catch(() => folder);

const newPath = async (folder: string): Promise<string> => {
  await makeFolder(folder);
  return join(await real(folder), `${randomBytes(8).toString('hex')}${SUFFIX}`);
};

/** The spools of a folder, also those of which only the marker was made. */
const spoolsIn = async (folder: string): Promise<readonly string[]> => {
  const names = await readdir(folder).catch(() => []);
  return [...new Set(names.map(name => name.replace(/\.filling$/, '')))].filter(name => name.endsWith(SUFFIX));
};

const notWhole = (path: string) =>
  sourceError('not-whole', `${path} is not all of stdin: the run that read it was killed`, 'pipe it in again');
