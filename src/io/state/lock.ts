import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UploadError } from '../../core/errors/errors.ts';
import type { Clock, Locks, Release } from '../../core/ports.ts';
import { createAnnouncer, type Presence, visit } from './lock-socket.ts';
import { makeFolder } from './make-folder.ts';

// A lock is a name of a listening socket, which dies with its process. Everyone who wants it first announces itself under a
// name of its own and only then looks at the others, so of any two at least one sees the other. A holder wins; among
// those who only want it the first name in order wins and the rest withdraw. A socket that nobody listens on is dead
// for ever, because names are never used twice: it is removed without a race.

const LOOK_AGAIN_MS = 25;
const WAIT_AGAIN_MS = 200;

export const createLocks = (folder: string, clock: Clock): Locks => {
  const contend = process.platform === 'win32' ? contendByPipe : contendByPresence;
  let place: Promise<Place> | undefined;
  return {
    acquire: async (name, waitMs, signal) => {
      const prefix = createHash('sha256').update(name).digest('hex').slice(0, 16);
      place ??= lockFolder(folder).then(home => ({ home, announce: createAnnouncer(home) }));
      for (const deadline = clock.monotonic() + waitMs; ; ) {
        const outcome = await contend(await place, prefix, clock, signal);
        if ('release' in outcome) return outcome.release;
        if (clock.monotonic() >= deadline) throw locked(outcome.holder);
        await clock.sleep(Math.min(WAIT_AGAIN_MS, Math.max(1, deadline - clock.monotonic())), signal);
      }
    },
  };
};

/** Where locks are, and how this process announces itself there. */
type Place = { readonly home: string; readonly announce: ReturnType<typeof createAnnouncer> };

type Outcome = { readonly release: Release } | { readonly holder: string };

/** Wins the lock or finds who holds it. */
async function contendByPresence(
  { home, announce }: Place,
  prefix: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Outcome> {
  for (;;) {
    signal.throwIfAborted();
    const presence = await announce(`${prefix}.${randomBytes(6).toString('hex')}`);
    const outcome = await prevail(home, prefix, presence, clock, signal).catch(async error => {
      await presence.leave();
      throw error;
    });
    if (outcome === 'won') {
      presence.hold();
      return { release: presence.leave };
    }
    await presence.leave();
    if (outcome !== 'withdrawn') return { holder: outcome.holder };
    await clock.sleep(LOOK_AGAIN_MS * (0.5 + Math.random()), signal);
  }
}

/** Windows: a named pipe has one listener, and is gone with it. */
async function contendByPipe({ home, announce }: Place, prefix: string): Promise<Outcome> {
  try {
    const presence = await announce(prefix);
    return { release: presence.leave };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return { holder: (await visit(home, prefix))?.who ?? 'it is just leaving' };
  }
}

/** Looks at the others until this one is alone, sees a holder, or sees one that goes before it. */
async function prevail(home: string, prefix: string, self: Presence, clock: Clock, signal: AbortSignal) {
  for (;;) {
    const others = await othersIn(home, prefix, self.name);
    const holder = others.find(other => other.state === 'holds');
    if (holder) return { holder: holder.who };
    if (others.length === 0) {
      // Nobody can have become the holder since: whoever came later sees this one and waits or withdraws.
      return 'won';
    }
    if (others.some(other => other.name < self.name)) return 'withdrawn';
    await clock.sleep(LOOK_AGAIN_MS, signal);
  }
}

async function othersIn(home: string, prefix: string, own: string) {
  const names = (await readdir(home)).filter(name => name.startsWith(`${prefix}.`) && name !== own);
  const seen = await Promise.all(names.map(name => visit(home, name)));
  return seen.filter(other => other !== undefined);
}

/** Removes what dead processes left; how many that were. */
export const removeStaleLocks = async (folder: string): Promise<number> => {
  const home = await lockFolder(folder);
  const names = await readdir(home);
  await Promise.all(names.map(name => visit(home, name)));
  return names.length - (await readdir(home)).length;
};

const locked = (holder: string): UploadError =>
  new UploadError('LOCKED', `another run is uploading this file (${holder})`, {
    reason: 'locked',
    hint: 'wait for it, or use --lock-wait',
  });

/** Socket paths are cut off silently at 107 bytes, and not every folder takes sockets: then a private temporary one. */
async function lockFolder(folder: string): Promise<string> {
  const fallback = join(
    tmpdir(),
    `oai-upload-${process.getuid?.() ?? 0}-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`,
  );
  const home = Buffer.byteLength(folder) > 60 ? fallback : folder;
  try {
    await makeFolder(home);
    await access(home, constants.W_OK);
    return home;
  } catch {
    await makeFolder(fallback);
    return fallback;
  }
}
