import { createHash, randomBytes } from 'node:crypto';
import { readdir, rmdir } from 'node:fs/promises';
import { UploadError } from '../../core/errors/errors.ts';
import type { Clock, Locks, Release } from '../../core/ports.ts';
import { lockPlaces, requirePrivate } from './lock-place.ts';
import { createAnnouncer, isLockName, type LockSocket, visit } from './lock-socket.ts';

// A lock is a name of a listening socket, which dies with its process. Everyone who wants it first announces itself under a
// name of its own and only then looks at the others, so of any two at least one sees the other. A holder wins; among
// those who only want it the first name in order wins and the rest withdraw. A socket without a listener is dead
// for ever, because names are never used twice: it is removed without a race.

const LOOK_AGAIN_MS = 25;
const WAIT_AGAIN_MS = 200;

/** Of many that want it each withdraws a few times. */
const MOST_TURNS = 2000;

/** Runs that end just then remove a folder a few times. */
const MOST_TIMES_GONE = 100;

/** Locks cannot be made anywhere: said once. The run goes on without. */
export type OnNoLocks = (error: unknown) => void;

export const createLocks = (folder: string, clock: Clock, onNoLocks: OnNoLocks = () => {}): Locks => {
  const places = lockPlaces(folder).map(home => ({
    home,
    announce: createAnnouncer(home),
    isOwn: home === folder,
    // Elsewhere the folder goes when it is empty, and may be gone at any time.
    ready: home === folder ? once(() => requirePrivate(home)) : () => requirePrivate(home),
  }));
  const tellOnce = once(async (error: unknown) => onNoLocks(error));

  const acquireAt = async (place: Place, name: string, waitMs: number, signal: AbortSignal): Promise<Release> => {
    const prefix = createHash('sha256').update(name).digest('hex').slice(0, 16);
    for (const deadline = clock.monotonic() + waitMs; ; ) {
      const outcome = await contend(place, prefix, clock, signal);
      if ('release' in outcome) return outcome.release;
      if (clock.monotonic() >= deadline) throw locked(outcome.holder);
      await clock.sleep(Math.min(WAIT_AGAIN_MS, Math.max(1, deadline - clock.monotonic())), signal);
    }
  };
  /** Makes the folder again where another run, leaving, has just removed it. */
  const acquireIn = async (place: Place, name: string, waitMs: number, signal: AbortSignal): Promise<Release> => {
    for (let turn = 1; ; turn += 1) {
      try {
        await place.ready();
        const release = await acquireAt(place, name, waitMs, signal);
        return place.isOwn ? release : async () => await release().then(() => removeIfEmpty(place.home));
      } catch (error) {
        if (place.isOwn || !isGone(error) || turn >= MOST_TIMES_GONE) throw error;
      }
    }
  };
  return {
    acquire: async (name, waitMs, signal) => {
      let trouble: unknown;
      for (const place of places) {
        try {
          return await acquireIn(place, name, waitMs, signal);
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

const contend = process.platform === 'win32' ? contendByPipe : contendBySocket;

/** Calls the effect the first time only. */
const once = <Args extends unknown[]>(effect: (...args: Args) => Promise<void>): ((...args: Args) => Promise<void>) => {
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
  readonly announce: ReturnType<typeof createAnnouncer>;
  /** The state folder's own, which stays. */
  readonly isOwn: boolean;
  ready(): Promise<void>;
};

type Outcome = { readonly release: Release } | { readonly holder: string };

/** Wins the lock or finds who holds it. */
async function contendBySocket(
  { home, announce }: Place,
  prefix: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Outcome> {
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    signal.throwIfAborted();
    const socket = await announce(`${prefix}.${randomBytes(6).toString('hex')}`);
    const outcome = await prevail(home, prefix, socket, clock, signal).catch(async error => {
      await socket.leave();
      throw error;
    });
    if (outcome === 'won') {
      socket.hold();
      return { release: socket.leave };
    }
    await socket.leave();
    if (outcome !== 'withdrawn') return { holder: outcome.holder };
    await clock.sleep(LOOK_AGAIN_MS * (0.5 + Math.random()), signal);
  }
  return { holder: 'others want it too' };
}

/** Windows: a named pipe has one listener, and is gone with it. */
async function contendByPipe({ home, announce }: Place, prefix: string): Promise<Outcome> {
  try {
    const socket = await announce(prefix);
    return { release: socket.leave };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return { holder: (await visit(home, prefix))?.who ?? 'it is just leaving' };
  }
}

/** Looks at the others until this one is alone, sees a holder, or sees one that goes before it. */
async function prevail(home: string, prefix: string, self: LockSocket, clock: Clock, signal: AbortSignal) {
  for (let looks = 0; looks < MOST_TURNS; looks += 1) {
    const others = await othersIn(home, prefix, self.name);
    const holder = others.find(other => other.state === 'holds');
    if (holder) return { holder: holder.who };
    if (others.length === 0) {
      // There is no holder since: a later process sees this one and waits or withdraws.
      return 'won';
    }
    if (others.some(other => other.name < self.name)) return 'withdrawn';
    await clock.sleep(LOOK_AGAIN_MS, signal);
  }
  return { holder: 'another that wants it does not leave' };
}

async function othersIn(home: string, prefix: string, own: string) {
  const names = (await readdir(home)).filter(name => name.startsWith(`${prefix}.`) && isLockName(name) && name !== own);
  const seen = await Promise.all(names.map(name => visit(home, name)));
  return seen.filter(other => other !== undefined);
}

/** Removes sockets that dead processes left, and nothing else; how many that were. */
export const removeStaleLocks = async (folder: string): Promise<number> => {
  let removed = 0;
  for (const home of lockPlaces(folder)) {
    const names = (await readdir(home).catch(() => [])).filter(isLockName);
    await Promise.all(names.map(name => visit(home, name)));
    const left = new Set(await readdir(home).catch(() => []));
    removed += names.filter(name => !left.has(name)).length;
    if (home !== folder) await removeIfEmpty(home);
  }
  return removed;
};

const locked = (holder: string): UploadError =>
  new UploadError('LOCKED', `another run is uploading this file (${holder})`, {
    reason: 'locked',
    hint: 'wait for it, or use --lock-wait',
  });
