import { join } from 'node:path';
import type { Locks } from '../core/ports.ts';
import { systemClock } from '../io/output/clock.ts';
import { removeDeadClaims, withClaims } from '../io/state/claims.ts';
import { createLocks, removeStaleLocks } from '../io/state/lock.ts';
import { type Notice, sentenceOf } from './saved-uploads.ts';

const locksIn = (stateDir: string): string => join(stateDir, 'locks');
const claimsIn = (stateDir: string): string => join(stateDir, 'claims');

/** One run at a time, on this machine and between machines that share the state folder. */
export const openLocks = (stateDir: string, notice: Notice): Locks =>
  withClaims(
    createLocks(locksIn(stateDir), systemClock, error =>
      notice(`warning: no lock can be made, so another run may upload the same file: ${sentenceOf(error)}`),
    ),
    {
      folder: claimsIn(stateDir),
      clock: systemClock,
      onWatching: who => notice(`${who} has claimed this file: looking for up to 60 s whether it still runs`),
    },
  );

/** Removes what dead processes left; how many locks that were. */
export const removeDeadLocks = async (stateDir: string): Promise<number> =>
  (await removeStaleLocks(locksIn(stateDir))) + (await removeDeadClaims(claimsIn(stateDir), locksIn(stateDir)));
