import { rename, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** A listening socket under a name of its own, that tells whoever connects whether it holds the lock or wants it. */
export type Presence = {
  readonly name: string;
  hold(): void;
  leave(): Promise<void>;
};

/** Another's presence. */
export type Seen = { readonly name: string; readonly state: 'wants' | 'holds'; readonly who: string };

const onWindows = process.platform === 'win32';

const addressOf = (home: string, name: string): string =>
  onWindows ? `\\\\.\\pipe\\oai-upload-${name}` : join(home, name);

export const announce = async (home: string, name: string): Promise<Presence> => {
  let state: Seen['state'] = 'wants';
  const since = new Date().toISOString();
  const server = createServer(socket => {
    socket.on('error', () => {});
    const who = `process ${process.pid} on ${hostname()}, since ${since}`;
    // Hung up at once: one who asks and then is stopped must not keep this process from leaving.
    socket.end(JSON.stringify({ state, who }), () => socket.destroy());
  });
  await listen(server, home, name);
  server.unref();
  return {
    name,
    hold: () => {
      state = 'holds';
    },
    leave: async () => {
      if (!onWindows) await unlink(addressOf(home, name)).catch(() => {});
      await new Promise(resolve => server.close(resolve));
    },
  };
};

/** The name appears only once someone listens behind it: a name that refuses is surely dead. */
async function listen(server: Server, home: string, name: string): Promise<void> {
  const bound = onWindows ? name : `.${name}`;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(addressOf(home, bound), resolve);
  });
  if (!onWindows) await rename(addressOf(home, bound), addressOf(home, name));
}

/** Whoever is behind a name; nothing where it is dead, which then is removed. One that is too busy to answer holds. */
export const visit = (home: string, name: string): Promise<Seen | undefined> =>
  new Promise(resolve => {
    const address = addressOf(home, name);
    let told = '';
    const socket = connect(address);
    socket.setTimeout(ANSWER_MS, () => {
      socket.destroy();
      resolve({ name, state: 'holds', who: 'it does not answer' });
    });
    socket.setEncoding('utf8');
    socket.on('data', text => {
      told += text;
    });
    socket.on('end', () => resolve(parseSeen(name, told)));
    socket.on('error', async (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') await unlink(address).catch(() => {});
      resolve(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? undefined : { name, state: 'wants', who: '' });
    });
  });

const ANSWER_MS = 2000;

function parseSeen(name: string, told: string): Seen | undefined {
  try {
    const { state, who } = JSON.parse(told) as { state: Seen['state']; who: string };
    return { name, state, who };
  } catch {
    // It ended without a word: it is leaving.
    return undefined;
  }
}
