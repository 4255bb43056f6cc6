import { link, rename, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { Presence, Seen } from './contend.ts';
import { processName } from './machine.ts';
import { removeOwn } from './own-file.ts';

const onWindows = process.platform === 'win32';

const addressOf = (home: string, name: string): string =>
  onWindows ? `\\\\.\\pipe\\oai-upload-${name}` : join(home, name);

/**
 * Makes presences in a folder: a socket for the first, and for others only a further name of that socket. Behind a name
 * this process listens, and tells a client whether it holds the lock or wants it.
 */
export const createAnnouncer = (home: string): ((name: string) => Promise<Presence>) => {
  let latest: Listener | undefined;
  return async name => {
    const listener = (latest && (await joined(latest, home, name))) ?? (await begun(home, name));
    latest = listener;
    return {
      name,
      hold: async () => {
        listener.names.set(name, { ...told(listener, name), state: 'holds' });
      },
      leave: () => left(listener, home, name),
    };
  };
};

/** A listening socket, and what it tells of each of its names. */
type Listener = { readonly server: Server; readonly names: Map<string, Told> };

type Told = Pick<Seen, 'state' | 'who'> & {
  /** The name is there, and others may be linked to it. */
  readonly isNamed: boolean;
};

const told = ({ names }: Listener, name: string): Told => names.get(name) ?? wanting();

const wanting = (): Told => ({
  state: 'wants',
  who: processName(),
  isNamed: false,
});

/** A link is a fifth of the work of a socket. Nothing where there is no name to link to, or no links. */
async function joined(listener: Listener, home: string, name: string): Promise<Listener | undefined> {
  const other = [...listener.names].find(([, { isNamed }]) => isNamed);
  if (!other || onWindows || listener.names.size >= MOST_NAMES) return undefined;
  // Before the name can be seen, and the socket stays open for it.
  listener.names.set(name, wanting());
  try {
    await link(addressOf(home, other[0]), addressOf(home, name));
    listener.names.set(name, { ...told(listener, name), isNamed: true });
    return listener;
  } catch {
    await left(listener, home, name);
    return undefined;
  }
}

async function begun(home: string, name: string): Promise<Listener> {
  const names = new Map([[name, wanting()]]);
  const server = createServer(socket => {
    socket.on('error', () => {});
    // Hung up at once: one who asks and then is stopped must not keep this process from leaving.
    socket.end(JSON.stringify(Object.fromEntries(names)), () => socket.destroy());
  });
  await listen(server, home, name).catch(error => {
    // One that keeps listening would keep the process alive.
    server.close();
    throw error;
  });
  server.unref();
  names.set(name, { ...wanting(), isNamed: true });
  return { server, names };
}

async function left({ server, names }: Listener, home: string, name: string): Promise<void> {
  if (!onWindows) await unlink(addressOf(home, name)).catch(() => {});
  names.delete(name);
  if (names.size === 0) await new Promise(resolve => server.close(resolve));
}

/** The name appears only once someone listens behind it: a name that refuses is surely dead. */
async function listen(server: Server, home: string, name: string): Promise<void> {
  const bound = onWindows ? name : `.${name}`;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(addressOf(home, bound), resolve);
  });
  if (!onWindows) await rename(addressOf(home, bound), addressOf(home, name));
}

/** A name that we give to a socket, or to one that is not named yet. */
const LOCK_NAME = /^\.?[0-9a-f]{16}\.[0-9a-f]{12}$/;
export const isLockName = (name: string): boolean => LOCK_NAME.test(name);

/** An answer of ours has less than 200 bytes for each name. */
const MOST_BYTES = 4096;
const MOST_NAMES = 16;

/** Who listens behind a name; nothing where it is dead, which then is removed. One that does not answer holds. */
export const visit = (home: string, name: string): Promise<Seen | undefined> =>
  new Promise(resolve => {
    const address = addressOf(home, name);
    let answer = '';
    const socket = connect(address);
    const giveUp = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ name, state: 'holds', who: 'it does not answer' });
    };
    const timer = setTimeout(giveUp, ANSWER_MS);
    const settle = (seen: Seen | undefined): void => {
      clearTimeout(timer);
      resolve(seen);
    };
    socket.setEncoding('utf8');
    socket.on('data', text => {
      answer += text;
      if (answer.length >= MOST_BYTES) giveUp();
    });
    socket.on('end', () => settle(parseSeen(name, answer)));
    socket.on('error', async (error: NodeJS.ErrnoException) => {
      // Only a socket: a connection to any file is refused.
      if (error.code === 'ECONNREFUSED') await removeOwn(address, stats => stats.isSocket());
      settle(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? undefined : { name, state: 'wants', who: '' });
    });
  });

const ANSWER_MS = 2000;

function parseSeen(name: string, answer: string): Seen | undefined {
  try {
    const seen = (JSON.parse(answer) as Readonly<Record<string, Told>>)[name];
    return seen && { name, state: seen.state, who: seen.who };
  } catch {
    // It ended without a word: it is leaving.
    return undefined;
  }
}
