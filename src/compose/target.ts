import { readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { destinationOf, readKey } from '../cli/connection.ts';
import type { SavedUpload } from '../core/ports.ts';
import type { Destination } from '../core/request.ts';
import { makeFolder } from '../io/make-folder.ts';
import type { World } from '../world.ts';
import { type GlobalValues, stateDirOf } from './globals.ts';

/** An API to talk to, and its name in saved uploads. */
export type Target = {
  readonly destination: Destination;
  readonly baseUrl: string;
  readonly key: string;
  /** For people: who is talked to. */
  readonly announcement: string;
  close(): Promise<void>;
};

/** The API of the base URL, with the key of the environment or the file. */
export const remoteTarget = async (
  destination: Destination,
  { apiKeyFile }: GlobalValues,
  { env }: World,
): Promise<Target> => ({
  destination,
  baseUrl: destination.baseUrl,
  key: await readKey(apiKeyFile, env, path => readFile(path, 'utf8')),
  announcement: `uploading to ${new URL(destination.baseUrl).host}`,
  close: async () => {},
});

/** An embedded server of this run's own. Its port differs each time, so its folder names it in saved uploads. */
export const localTarget = async (dir: string): Promise<Target> => {
  await makeFolder(dir);
  const folder = await realpath(dir);
  const { startServer } = await import('../server/server.ts');
  const server = await startServer({ host: '127.0.0.1', port: 0, dir: folder });
  return {
    destination: { baseUrl: localName(folder) },
    baseUrl: server.url,
    key: 'local',
    announcement: `local server on ${new URL(server.url).host}: nothing leaves this machine, files are kept in ${folder}`,
    close: () => server.close(),
  };
};

const LOCAL = 'local:';

const localName = (folder: string): string => `${LOCAL}${folder}`;

/** The target that a saved upload went to. */
export const savedTarget = (destination: Destination, globals: GlobalValues, world: World): Promise<Target> =>
  destination.baseUrl.startsWith(LOCAL)
    ? localTarget(destination.baseUrl.slice(LOCAL.length))
    : remoteTarget(destination, globals, world);

export type TargetChoice = { readonly local: boolean | undefined; readonly localDir: string | undefined };

/** The target that the command line names: the embedded server only where it was asked for. */
export const chosenTarget = (choice: TargetChoice, globals: GlobalValues, world: World): Promise<Target> => {
  if (!choice.local) return remoteTarget(destinationOf(globals), globals, world);
  return localTarget(resolve(choice.localDir ?? join(stateDirOf(globals, world), 'local')));
};

/** Saved uploads of one destination. */
export type Group = { readonly destination: Destination; readonly saved: readonly SavedUpload[] };

export const byDestination = (saved: readonly SavedUpload[]): readonly Group[] => {
  const groups = new Map<string, SavedUpload[]>();
  for (const one of saved) {
    const name = JSON.stringify(one.manifest.destination);
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.values()].map(group => ({
    destination: (group[0] as SavedUpload).manifest.destination,
    saved: group,
  }));
};
