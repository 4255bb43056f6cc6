import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { type RawOptions, resolveOptions } from '../cli/options/resolve.ts';
import { serveOptions } from '../cli/options/serve-options.ts';
import type { World } from '../cli/process-context.ts';
import { UploadError, usageError } from '../core/errors/errors.ts';
import { isLoopback } from '../core/policy/loopback.ts';
import { readNamed } from '../io/state/own-file.ts';
import { printableName } from '../report/text/text.ts';
import { type Fault, parseFaults, startServer } from '../server/server.ts';
import { globalsOf, stateDirOf } from './context/globals.ts';
import { linesTo } from './context/window-lines.ts';

/** `serve`: the embedded server, until a signal ends it. Its address is the one line on stdout. */
export const serve = async (raw: RawOptions, world: World): Promise<number> => {
  const values = resolveOptions(serveOptions, raw, world.env);
  const key = await keyOf(values.keyFile, world);
  const host = values.host ?? '127.0.0.1';
  if (key === undefined && !isLoopback(host))
    throw usageError(
      `--host ${host} lets other machines in, and there is no key`,
      'set OAI_UPLOAD_SERVE_KEY, or name a file with --key-file',
    );
  const globals = globalsOf(raw, world);
  const dir = resolve(values.dir ?? join(stateDirOf(globals, world), 'local'));
  const server = await startServer({
    host,
    port: values.port ?? 0,
    dir,
    ...(key !== undefined && { key }),
    ...(values.lifetime !== undefined && { lifetimeMs: values.lifetime }),
    ...(values.processing !== undefined && { processing: { ms: values.processing } }),
    ...(values.latency !== undefined && { latencyMs: values.latency }),
    ...(values.rate !== undefined && { bytesPerSecond: values.rate }),
    ...(values.maxInflight !== undefined && { maxInflight: values.maxInflight }),
    ...(values.faults !== undefined && { faults: await faultsOf(values.faults) }),
  }).catch(error => {
    throw error instanceof UploadError ? error : usageError(`the server cannot listen: ${error.message}`);
  });
  world.stdout.write(`${server.url}\n`);
  if (world.stderr.isTTY && !globals.quiet) (await linesTo(world.stderr))(usageLines(server.url, dir, key));
  if (!world.signal.aborted) await once(world.signal, 'abort');
  await server.close();
  return 0;
};

/** For a person who sees an address and nothing more. */
const usageLines = (url: string, dir: string, key: string | undefined): readonly string[] => [
  `serving until Ctrl-C, files are kept in ${printableName(dir)}`,
  `hint: push to it with --base-url ${url} and ${key === undefined ? 'any' : 'its'} key in OPENAI_API_KEY`,
];

const keyOf = async (path: string | undefined, { env }: World): Promise<string | undefined> =>
  (path === undefined ? env['OAI_UPLOAD_SERVE_KEY'] : await readText(path, '--key-file'))?.trim() || undefined;

const faultsOf = async (path: string): Promise<readonly Fault[]> => {
  const text = await readText(path, '--faults');
  try {
    return parseFaults(text);
  } catch (error) {
    throw usageError(`--faults ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const MAX_TEXT_BYTES = 16 * 1024 ** 2;

const readText = (path: string, flag: string): Promise<string> =>
  readNamed(path, MAX_TEXT_BYTES).catch(error => {
    throw usageError(`${flag} ${path} cannot be read: ${error.message}`);
  });
