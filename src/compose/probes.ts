import { readFile } from 'node:fs/promises';
import { destinationOf, readKey } from '../cli/connection.ts';
import type { Probes } from '../doctor/probes.ts';
import { createSender } from '../io/http-sender.ts';
import { fetchModels } from '../io/models-api.ts';
import { probeFolder } from '../io/probe-folder.ts';
import { lookUp, tryConnection, tryHandshake } from '../io/probe-line.ts';
import { createUploadsApi, headersOf } from '../io/uploads-api.ts';
import type { World } from '../world.ts';
import { type EngineValues, engineSettings } from './engine.ts';
import { type GlobalValues, stateDirOf } from './globals.ts';

/** The looks at this machine's settings, its line and the server, as a push would find them. */
export const openProbes = (globals: GlobalValues, values: EngineValues, world: World): Probes => {
  const { env, signal } = world;
  const { connectTimeoutMs, stallTimeoutMs } = engineSettings(values);
  const patience = { timeoutMs: connectTimeoutMs, signal };
  let key = '';
  let skewMs: number | undefined;
  const destination = () => destinationOf(globals);
  const options = () => ({
    ...destination(),
    organization: globals.organization,
    project: globals.project,
    key,
    userAgent: `oai-upload/${world.version}`,
    connectTimeoutMs,
    stallTimeoutMs,
  });
  return {
    key: async () => {
      key = await readKey(globals.apiKeyFile, env, path => readFile(path, 'utf8'));
      return globals.apiKeyFile === undefined ? 'OPENAI_API_KEY' : `--api-key-file ${globals.apiKeyFile}`;
    },
    baseUrl: () => new URL(destination().baseUrl),
    proxy: async () => undefined,
    lookUp: host => lookUp(host, patience),
    connect: (host, port) => tryConnection(host, port, patience),
    shakeHands: ({ hostname, port }, note) => {
      const host = hostname.replace(/^\[|\]$/g, '');
      return tryHandshake(host, { port: Number(port || 443) }, patience, note);
    },
    models: () => {
      const onDate = (dateMs: number): void => {
        // Whole seconds, cut off: half of one is the likeliest that is missing.
        skewMs = dateMs + 500 - Date.now();
      };
      return fetchModels(createSender({ ...options(), headers: headersOf(options()), onDate }), signal);
    },
    skewMs: () => skewMs,
    stateFolder: () => probeFolder(stateDirOf(globals, world)),
    api: () => createUploadsApi(options()),
  };
};
