import type { Stats } from 'node:fs';
import { link, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UploadError } from '../../core/errors/errors.ts';
import type { Clock, Locks } from '../../core/ports.ts';
import { coalesced } from './coalesced.ts';
import { contend, type Meeting, randomHex, type Seen } from './contend.ts';
import { livePrefixes, locked, once, prefixOf } from './lock.ts';
import { requirePrivate } from './lock-place.ts';
import { machineIdentity, processName } from './machine.ts';
import { removeIfOld, removeOwn } from './own-file.ts';
import { createPulse, type Pulse } from './pulse.ts';
import { createSightings, readBeat, type Sight } from './sightings.ts';

// A socket reaches one machine only. Where machines share a state folder, as on a cluster with one home, a claim is a
// file in it that its process changes again and again. It is taken after the lock of this machine, so that at most one
// process of a machine competes, and what this machine left before is dead.

const LOOK_AGAIN_MS = 100;
const WATCH_AGAIN_MS = 250;
const WAIT_AGAIN_MS = 1000;

export type ClaimOptions = {
  /** Of the claims; in the state folder. */
  readonly folder: string;
  readonly clock: Clock;
  /** Another machine has a claim, and it takes up to a minute to see whether it still runs. Once for each machine's process. */
  onWatching(who: string): void;
  /** Default: this machine. */
  readonly machine?: string;
};

/** Locks of one machine, made to hold between all machines that share the folder. */
export const withClaims = (locks: Locks, options: ClaimOptions): Locks => {
  const { folder, clock } = options;
  const meeting = createMeeting(options);
  const ready = once(() => requirePrivate(folder));
  const claim = async (name: string, deadlineMs: number, signal: AbortSignal): Promise<() => Promise<void>> => {
    const prefix = prefixOf(name);
    for (;;) {
      const outcome = await contend(meeting, prefix, () => randomHex(12), clock, signal);
      if ('release' in outcome) return outcome.release;
      const leftMs = deadlineMs - clock.monotonic();
      if (leftMs <= 0) throw locked(outcome.holder);
      await clock.sleep(Math.min(WAIT_AGAIN_MS, leftMs), signal);
    }
  };
  /** Where the folder takes no files there is no state to share. */
  const claimIfPossible = async (name: string, deadlineMs: number, signal: AbortSignal) => {
    try {
      await ready();
      return await claim(name, deadlineMs, signal);
    } catch (error) {
      if (signal.aborted || error instanceof UploadError) throw error;
      return async () => {};
    }
  };
  return {
    acquire: async (name, waitMs, signal) => {
      const deadlineMs = clock.monotonic() + waitMs;
      const release = await locks.acquire(name, waitMs, signal);
      try {
        const releaseClaim = await claimIfPossible(name, deadlineMs, signal);
        return () => releaseClaim().then(release);
      } catch (error) {
        await release();
        throw error;
      }
    },
  };
};

/** The mark that its process holds the lock stands beside the name, which stays: a listing always shows one of them. */
const HOLDS = '.holds';
const CLAIM_NAME = /^[0-9a-f]{16}\.[0-9a-f]{12}$/;

const createMeeting = (options: ClaimOptions): Meeting => {
  const { folder, clock, machine = machineIdentity() } = options;
  const pulse = createPulse(folder, { machine, who: processName() }, clock);
  const judge = createJudge({ ...options, machine });
  const list = coalesced(() => readdir(folder));
  return {
    lookAgainMs: LOOK_AGAIN_MS,
    announce: async name => {
      await pulse.appear(name);
      return { name, hold: () => mark(folder, name, pulse), leave: () => leave(name, pulse) };
    },
    others: async (prefix, own, signal) => {
      const names = await list();
      const claims = names.filter(name => name.startsWith(`${prefix}.`) && CLAIM_NAME.test(name) && name !== own);
      const seen = await Promise.all(claims.map(name => judge(name, names.includes(`${name}${HOLDS}`), signal)));
      return seen.filter(other => other !== undefined);
    },
  };
};

/** Whose a claim is; nothing of one that is dead, which is removed. */
const createJudge = ({ folder, clock, onWatching, machine }: ClaimOptions & { readonly machine: string }) => {
  const sight = createSightings(folder, clock);
  const watched = new Set<string>();
  const tellOnce = (who: string): void => {
    if (!watched.has(who)) onWatching(who);
    watched.add(who);
  };
  /** Waits until a holder has moved, has gone, or has stood still for long. */
  const sure = async (name: string, signal: AbortSignal): Promise<Sight> => {
    for (;;) {
      const seen = await sight(name);
      if (seen.state !== 'new' || seen.beat?.machine === machine) return seen;
      tellOnce(seen.beat?.who ?? UNKNOWN);
      await clock.sleep(WATCH_AGAIN_MS, signal);
    }
  };
  return async (name: string, isHeld: boolean, signal: AbortSignal): Promise<Seen | undefined> => {
    const { state, beat } = await (isHeld ? sure(name, signal) : sight(name));
    // One that went while it was watched was alive, and may have done the work.
    if (state === 'gone') return isHeld ? { name, state: 'holds', who: UNKNOWN } : undefined;
    if (state === 'still' || beat?.machine === machine) return removeDead(folder, name);
    return { name, state: isHeld ? 'holds' : 'wants', who: beat?.who ?? UNKNOWN };
  };
};

const UNKNOWN = 'on another machine';

const mark = (folder: string, name: string, pulse: Pulse): Promise<void> =>
  link(join(folder, name), join(folder, `${name}${HOLDS}`)).catch(() => pulse.appear(`${name}${HOLDS}`));

const leave = async (name: string, pulse: Pulse): Promise<void> => {
  await pulse.vanish(`${name}${HOLDS}`);
  await pulse.vanish(name);
};

/** The mark first: one without its name would stay. */
async function removeDead(folder: string, name: string): Promise<undefined> {
  await removeOwn(join(folder, `${name}${HOLDS}`), isFile);
  await removeOwn(join(folder, name), isFile);
}

const isFile = (stats: Stats): boolean => stats.isFile();

/**
 * Removes claims that dead processes of this machine left, and those that another machine left a week ago; how many
 * that were. Who claims has a lock of its machine in `locks` before and after, so that a claim without one is dead.
 */
export const removeDeadClaims = async (folder: string, locks: string, machine = machineIdentity()): Promise<number> => {
  const names = (await readdir(folder).catch(() => [])).filter(name => CLAIM_NAME.test(name));
  const ours = await Promise.all(names.map(async name => (await readBeat(join(folder, name)))?.machine === machine));
  const live = process.platform === 'win32' ? undefined : await livePrefixes(locks);
  const isDead = (name: string, index: number): boolean =>
    ours[index] === true && live?.has(name.slice(0, name.indexOf('.'))) === false;
  const removed = await Promise.all(
    names.map(async (name, index) => {
      const remove = isDead(name, index) ? removeOwn : removeIfOld;
      await remove(join(folder, `${name}${HOLDS}`), isFile);
      return remove(join(folder, name), isFile);
    }),
  );
  return removed.filter(Boolean).length;
};
