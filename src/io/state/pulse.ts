import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/ports.ts';
import { makeOwn, openOwn } from './own-file.ts';

/** What a pulse tells those who read it. It changes as long as its process runs. */
export type Beat = {
  readonly machine: string;
  readonly who: string;
  /** The process, as far as its pulse is one file. */
  readonly token: string;
  readonly beat: number;
};

/** Files of this process that show that it runs. All names are of one file, as far as the file system has links. */
export type Pulse = {
  appear(name: string): Promise<void>;
  vanish(name: string): Promise<void>;
};

/** Often at first, so that of two runs that begin together one soon knows; then every 10 s. */
const beatAfterMs = (beat: number): number => (beat < 10 ? 1000 : 10_000);

/** One file under its names. */
type One = { readonly token: string; readonly names: Set<string>; readonly leaving: AbortController };

export const createPulse = (folder: string, told: Pick<Beat, 'machine' | 'who'>, clock: Clock): Pulse => {
  const all = new Set<One>();
  const joined = async (one: One, name: string): Promise<boolean> => {
    const [other = ''] = one.names;
    // Before the link, so that the pulse goes on for it.
    one.names.add(name);
    try {
      await link(join(folder, other), join(folder, name));
      return true;
    } catch {
      drop(one, name);
      return false;
    }
  };
  const drop = (one: One, name: string): void => {
    one.names.delete(name);
    if (one.names.size > 0) return;
    all.delete(one);
    one.leaving.abort();
  };
  return {
    appear: async name => {
      for (const one of all) if (await joined(one, name)) return;
      const one: One = { token: randomUUID(), names: new Set([name]), leaving: new AbortController() };
      await tell(makeOwn(join(folder, name)), { ...told, token: one.token, beat: 0 });
      all.add(one);
      beatOn(folder, one, told, clock).catch(() => {});
    },
    vanish: async name => {
      for (const one of all) if (one.names.has(name)) drop(one, name);
      await unlink(join(folder, name)).catch(() => {});
    },
  };
};

/** Until the file has no name any more. */
async function beatOn(folder: string, one: One, told: Pick<Beat, 'machine' | 'who'>, clock: Clock): Promise<never> {
  for (let beat = 1; ; beat += 1) {
    await clock.sleep(beatAfterMs(beat), one.leaving.signal);
    const [name = ''] = one.names;
    await tell(openOwn(join(folder, name), O_WRONLY), { ...told, token: one.token, beat }).catch(() => {});
  }
}

async function tell(opening: Promise<FileHandle>, beat: Beat): Promise<void> {
  const file = await opening;
  try {
    // As long as any other, so that it fits where the disk is full.
    await file.write(`${JSON.stringify(beat).padEnd(PULSE_BYTES - 1)}\n`, 0);
  } finally {
    // Other machines see it from here on.
    await file.close();
  }
}

/** More than a host's name, a boot's and a process's take. */
export const PULSE_BYTES = 512;

const { O_WRONLY } = constants;
