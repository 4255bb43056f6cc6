import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Endpoint } from '../../src/server/faults/fault.ts';
import { type RequestLog, type ServerOptions, startServer } from '../../src/server/server.ts';
import type { Json } from './cli.ts';
import { eventually } from './eventually.ts';
import { md5Of } from './files.ts';

export const KEY = 'sk-test-0123456789';

/** The embedded server on a real socket, with all that it was asked. Closed, and its folder gone, after the test. */
export type TestServer = {
  /** The base URL, up to `/v1`. */
  readonly url: string;
  readonly dir: string;
  readonly port: number;
  /** Base URL and key for the command's environment. */
  readonly env: { readonly OPENAI_BASE_URL: string; readonly OPENAI_API_KEY: string };
  /** Each request whose exchange is over, in that order. */
  readonly logs: readonly RequestLog[];
  /** The log so far of one endpoint. */
  requests(endpoint: Endpoint): readonly RequestLog[];
  /** Parts that were answered with 200, by their number, in the order of the answers. */
  acceptedParts(): readonly number[];
  /** Resolves when the log holds `count` requests that match. */
  until(matches: (log: RequestLog) => boolean, count?: number): Promise<void>;
  /** Every File there is, as the API tells it. */
  files(): Promise<readonly Json[]>;
  file(id: string): Promise<Json>;
  /** Where a File's bytes lie on disk. */
  contentPath(fileId: string): Promise<string>;
  /** The md5 of a File's bytes, through GET content. */
  md5(fileId: string): Promise<string>;
  /** Ends it, open exchanges too, and starts it again with other options: same folder, port, key and log, no faults unless told. */
  restart(options?: Partial<ServerOptions>): Promise<void>;
  close(): Promise<void>;
};

export async function testServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const dir = options.dir ?? (await realpath(await mkdtemp(join(tmpdir(), 'oai-e2e-server-'))));
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
  const logs: RequestLog[] = [];
  const watchers = new Set<() => void>();
  const onRequest = (log: RequestLog): void => {
    logs.push(log);
    for (const watcher of watchers) watcher();
  };
  const key = options.key ?? KEY;
  const start = (more: Partial<ServerOptions>) =>
    startServer({ host: '127.0.0.1', port: 0, onRequest, key, ...more, dir });
  let server = options.port === undefined ? await onOwnPort(port => start({ ...options, port })) : await start(options);
  onTestFinished(() => server.close());
  const { url } = server;
  const port = Number(new URL(url).port);
  const get = async (path: string): Promise<Response> => {
    const reply = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } });
    if (!reply.ok) throw new Error(`GET ${path}: ${reply.status} ${await reply.text()}`);
    return reply;
  };
  return {
    url,
    dir,
    port,
    env: { OPENAI_BASE_URL: url, OPENAI_API_KEY: key },
    logs,
    requests: endpoint => logs.filter(log => log.endpoint === endpoint),
    acceptedParts: () =>
      logs
        .filter(({ endpoint, status }) => endpoint === 'part' && status === 200)
        .map(({ part }) => part ?? Number.NaN),
    until: (matches, count = 1) =>
      new Promise(resolve => {
        const watcher = (): void => {
          if (logs.filter(matches).length < count) return;
          watchers.delete(watcher);
          resolve();
        };
        watchers.add(watcher);
        watcher();
      }),
    files: async () => ((await (await get('/files')).json()) as { data: readonly Json[] }).data,
    file: async id => (await (await get(`/files/${id}`)).json()) as Json,
    contentPath: async id => {
      const folder = join(dir, 'files', id);
      const content = (await readdir(folder)).find(name => name !== 'file.json');
      return join(folder, content ?? 'nothing');
    },
    md5: async id => md5Of((await get(`/files/${id}/content`)).body ?? emptyBody()),
    restart: async (more = {}) => {
      await server.close();
      server = await onceFree(() => start({ ...more, port }));
    },
    close: () => server.close(),
  };
}

/** Below the ports that systems give to connections and to servers that ask for any: no other takes it meanwhile. */
const OWN_PORTS = { from: 11_000, count: 20_000 };

async function onOwnPort<T>(listen: (port: number) => Promise<T>): Promise<T> {
  for (;;) {
    const server = await unlessTaken(listen(OWN_PORTS.from + Math.floor(Math.random() * OWN_PORTS.count)));
    if (server) return server;
  }
}

/** Our own may still be about to let it go. */
const onceFree = <T>(listen: () => Promise<T>): Promise<T> =>
  eventually('the port is free again', () => unlessTaken(listen())) as Promise<T>;

const unlessTaken = <T>(listening: Promise<T>): Promise<T | undefined> =>
  listening.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    return undefined;
  });

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
