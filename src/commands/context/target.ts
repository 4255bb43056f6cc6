import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { destinationOf, type KeyPlace, keyHeaderOf, keyPlaceOf, readKey } from '../../cli/connection/connection.ts';
import { proxyFor } from '../../cli/connection/proxy.ts';
import { requireTrusted } from '../../cli/connection/trusted-destination.ts';
import type { World } from '../../cli/process-context.ts';
import { usageError } from '../../core/errors/errors.ts';
import { type ApiKey, fixedKey, renewableKey } from '../../core/model/api-key.ts';
import type { Destination } from '../../core/model/destination.ts';
import { plainHttpWarning } from '../../core/policy/plain-http.ts';
import type { Access } from '../../engine/access.ts';
import { openSecureContext, type SecureContext } from '../../io/net/secure-context.ts';
import { systemClock } from '../../io/output/clock.ts';
import { makeFolder } from '../../io/state/make-folder.ts';
import { readNamed } from '../../io/state/own-file.ts';
import { type GlobalValues, stateDirOf } from './globals.ts';

/** An API to talk to, for as long as it is open. */
export type Target = Access & {
  /** For people: what is done there, like "uploading to", and who is talked to. */
  announcement(doing: string): string;
  /** What is dangerous about talking to it. */
  readonly warning?: string | undefined;
  close(): Promise<void>;
};

/** A destination that is no server of ours. */
export type Remote = Exclude<Destination, { kind: 'local' }>;

/** Longer than any key. */
const MAX_KEY_BYTES = 64 * 1024;

/** The key for it, from the environment, a file or a command; a command is asked again where its key expires. */
export const keyFor = async (
  azure: boolean,
  globals: GlobalValues,
  { env, signal }: Pick<World, 'env' | 'signal'>,
): Promise<ApiKey> => {
  const place = keyPlaceOf(globals, azure, env);
  const header = keyHeaderOf(place, azure);
  const run = async (command: string, told: string, stop = signal): Promise<string> =>
    (await import('../../io/process/key-command.ts')).keyOfCommand(command, told, stop);
  const key = await readKey(place, env, { run, readFile: path => readNamed(path, MAX_KEY_BYTES) });
  if (place.kind !== 'command') return fixedKey(key, header);
  return renewableKey(key, header, stop => run(place.name, place.told, stop), systemClock.monotonic);
};

/** The certificates that the flags name. */
export const certificatesFor = (
  { caFile, clientCert, clientKey }: GlobalValues,
  env: World['env'],
): Promise<SecureContext | undefined> =>
  openSecureContext({ caFile, clientCert, clientKey, extraCaFile: env['NODE_EXTRA_CA_CERTS'] });

/** The API of the base URL, with the key of the environment or the file. */
export const remoteTarget = async (destination: Remote, globals: GlobalValues, world: World): Promise<Target> => {
  const { env } = world;
  const { baseUrl, kind } = destination;
  const azure = kind === 'azure';
  const proxy = proxyFor(new URL(baseUrl), globals.proxy, env);
  const secureContext = await certificatesFor(globals, env);
  return {
    destination,
    baseUrl,
    key: await keyFor(azure, globals, world),
    network: { headers: globals.header, proxy, secureContext },
    announcement: doing =>
      `${doing} ${new URL(baseUrl).host}${proxy ? ` through the proxy ${proxy.name}` : ''}${keyNote(keyPlaceOf(globals, azure, env))}`,
    warning: plainHttpWarning(new URL(baseUrl)),
    close: async () => {},
  };
};

/** A user who named a key in the config file must not send another one unknowingly. */
const keyNote = ({ told, insteadOf }: KeyPlace): string =>
  insteadOf === undefined ? '' : ` with the key of ${told}, which comes before ${insteadOf}`;

/** An embedded server of this run's own. Its port differs each time, so its folder names it in saved uploads. */
export const localTarget = async (dir: string): Promise<Target> => {
  await makeFolder(dir).catch(error => {
    throw usageError(`the folder ${dir} cannot be made: ${error.message}`, 'name another folder with --local-dir');
  });
  const folder = await realpath(dir);
  const { startServer } = await import('../../server/server.ts');
  const server = await startServer({ host: '127.0.0.1', port: 0, dir: folder });
  return {
    destination: { kind: 'local', folder },
    baseUrl: server.url,
    key: fixedKey('local'),
    network: {},
    announcement: () =>
      `local server on ${new URL(server.url).host}: nothing leaves this machine, files are kept in ${folder}`,
    close: () => server.close(),
  };
};

/** The target that a saved upload went to; throws where this run may not talk to it. */
export const savedTarget = async (destination: Destination, globals: GlobalValues, world: World): Promise<Target> => {
  requireTrusted(destination, globals, world.env);
  return destination.kind === 'local' ? localTarget(destination.folder) : remoteTarget(destination, globals, world);
};

export type TargetChoice = { readonly local: boolean | undefined; readonly localDir: string | undefined };

/** The target that the command line names: the embedded server only with --local. */
export const chosenTarget = (choice: TargetChoice, globals: GlobalValues, world: World): Promise<Target> => {
  if (!choice.local) return remoteTarget(destinationOf(globals, world.env), globals, world);
  return localTarget(resolve(choice.localDir ?? join(stateDirOf(globals, world), 'local')));
};
