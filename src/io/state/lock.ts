import { createHash } from 'node:crypto';
import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UploadError } from '../../core/errors/errors.ts';
import type { Clock, Locks, Release } from '../../core/ports.ts';
import { coalesced } from './coalesced.ts';
import { contend, type Meeting, type Outcome, randomHex } from './contend.ts';
import { lockPlaces, requirePrivate } from './lock-place.ts';
import { createAnnouncer, isLockName, visit } from './lock-socket.ts';
import { hostIdentity } from './machine.ts';
import { removeIfOld } from './own-file.ts';

// A lock of this machine is a name of a listening socket, which dies with its process. A socket without a listener is
// dead for ever, because names are never used twice: it is removed without a race. A socket of another machine that
// shares the folder looks dead from here: its name says that it is not ours.

const LOOK_AGAIN_MS = 25;
const WAIT_AGAIN_MS = 200;

/** Runs that end just then remove a folder a few times. */
const MOST_TIMES_GONE = 100;

/** Locks cannot be made anywhere: said once. The run goes on without. */
export type OnNoLocks = (error: unknown) => void;

export const createLocks = (folder: string, clock: Clock, onNoLocks: OnNoLocks = () => {}): Locks => {
  const digits = machineDigits();
  const places = lockPlaces(folder).map(home => placeAt(home, folder, digits));
  const tellOnce = once(async (error: unknown) => onNoLocks(error));
  return {
    acquire: async (name, waitMs, signal) => {
      let trouble: unknown;
      for (const place of places) {
        try {
          return await acquireIn(place, name, { clock, waitMs, signal });
        } catch (error) {
          // What the system refuses here it may allow at the next place.
          if (signal.aborted || error instanceof UploadError) throw error;
          trouble = error;
        }
      }
      await tellOnce(trouble);
      return async () => {};
    },
  };
};

const placeAt = (home: string, folder: string, digits: string): Place => ({
  home,
  meeting: meetingIn(home, digits),
  newName: () => digits + randomHex(8),
  isOwn: home === folder,
  // Elsewhere the folder goes when it is empty, and may be gone at any time.
  ready: home === folder ? once(() => requirePrivate(home)) : () => requirePrivate(home),
});

const PREFIX_DIGITS = 16;

/** What the names of one lock begin with. */
export const prefixOf = (name: string): string =>
  createHash('sha256').update(name).digest('hex').slice(0, PREFIX_DIGITS);

type Patience = { readonly clock: Clock; readonly waitMs: number; readonly signal: AbortSignal };

/** Makes the folder again where another run, leaving, has just removed it. */
async function acquireIn(place: Place, name: string, patience: Patience): Promise<Release> {
  for (let turn = 1; ; turn += 1) {
    try {
      await place.ready();
      const release = await acquireAt(place, name, patience);
      return place.isOwn ? release : async () => await release().then(() => removeIfEmpty(place.home));
    } catch (error) {
      if (place.isOwn || !isGone(error) || turn >= MOST_TIMES_GONE) throw error;
    }
  }
}

async function acquireAt(place: Place, name: string, { clock, waitMs, signal }: Patience): Promise<Release> {
  const prefix = prefixOf(name);
  const compete = process.platform === 'win32' ? competeByPipe : competeBySocket;
  for (const deadline = clock.monotonic() + waitMs; ; ) {
    const outcome = await compete(place, prefix, clock, signal);
    if ('release' in outcome) return outcome.release;
    if (clock.monotonic() >= deadline) throw locked(outcome.holder);
    await clock.sleep(Math.min(WAIT_AGAIN_MS, Math.max(1, deadline - clock.monotonic())), signal);
  }
}

/** Calls the effect the first time only. */
export const once = <Args extends unknown[]>(
  effect: (...args: Args) => Promise<void>,
): ((...args: Args) => Promise<void>) => {
  let result: Promise<void> | undefined;
  return (...args) => {
    result ??= effect(...args);
    return result;
  };
};

/** To listen in a folder that is gone is EACCES: so libuv says ENOENT there. */
const isGone = (error: unknown): boolean => ['ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');

/** No lock is held in an empty folder, and a name made meanwhile keeps it. */
const removeIfEmpty = async (home: string): Promise<void> => await rmdir(home).catch(() => {});

/** Where locks are, and how this process announces itself there. */
type Place = {
  readonly home: string;
  readonly meeting: Meeting;
  newName(): string;
  /** The state folder's own, which stays. */
  readonly isOwn: boolean;
  ready(): Promise<void>;
};

/** Names of this machine begin with its own digits: it never takes a socket of another one for a dead one. */
const machineDigits = (): string => createHash('sha256').update(hostIdentity()).digest('hex').slice(0, 4);
const isOfMachine = (name: string, digits: string): boolean =>
  isLockName(name) && name.split('.').at(-1)?.startsWith(digits) === true;

const competeBySocket = (
  { meeting, newName }: Place,
  prefix: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Outcome> => contend(meeting, prefix, newName, clock, signal);

const meetingIn = (home: string, digits: string): Meeting => {
  const list = coalesced(() => readdir(home));
  return {
    lookAgainMs: LOOK_AGAIN_MS,
    announce: createAnnouncer(home),
    others: async (prefix, own) => {
      const names = await list();
      const others = names.filter(name => name.startsWith(`${prefix}.`) && isOfMachine(name, digits) && name !== own);
      const seen = await Promise.all(others.map(name => visit(home, name)));
      return seen.filter(other => other !== undefined);
    },
  };
};

/** Windows: a named pipe has one listener, and is gone with it. */
async function competeByPipe({ home, meeting }: Place, prefix: string): Promise<Outcome> {
  try {
    const socket = await meeting.announce(prefix);
    return { release: socket.leave };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return { holder: (await visit(home, prefix))?.who ?? 'it is just leaving' };
  }
}

/** Removes sockets that dead processes left, and nothing else; how many that were. */
export const removeStaleLocks = async (folder: string): Promise<number> => {
  let removed = 0;
  for (const home of lockPlaces(folder)) {
    const names = (await readdir(home).catch(() => [])).filter(isLockName);
    await Promise.all(names.map(name => removeStale(home, name)));
    const left = new Set(await readdir(home).catch(() => []));
    removed += names.filter(name => !left.has(name)).length;
    if (home !== folder) await removeIfEmpty(home);
  }
  return removed;
};

/** Of locks that a process of this machine has or wants: what their names begin with, as those of its claims do. */
export const livePrefixes = async (folder: string): Promise<ReadonlySet<string>> => {
  const [digits, live] = [machineDigits(), new Set<string>()];
  for (const home of lockPlaces(folder)) {
    const names = (await readdir(home).catch(() => [])).filter(name => isOfMachine(name, digits));
    for (const name of names) if (await visit(home, name)) live.add(name.replace(/^\./, '').slice(0, PREFIX_DIGITS));
  }
  return live;
};

/** Whether one of another machine, or of an earlier boot, is dead cannot be seen from here until it is old. */
const removeStale = async (home: string, name: string): Promise<unknown> =>
  isOfMachine(name, machineDigits()) ? visit(home, name) : removeIfOld(join(home, name), stats => stats.isSocket());

export const locked = (holder: string): UploadError =>
  new UploadError('LOCKED', `another run is uploading this file (${holder})`, {
    reason: 'locked',
    hint: 'wait for it, or use --lock-wait',
  });
