import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';

export type SinkOptions = {
  /** Bytes a second of each connection. */
  readonly rate?: number;
  /** Before each answer, and once a connection. */
  readonly delayMs?: number;
  readonly tls?: boolean;
};

type Stats = { readonly connections: number; readonly requests: number; readonly bytes: number };

/** A server in its own process that answers like the Uploads API and drops what it gets. */
export type Sink = {
  /** The base URL, up to `/v1`. */
  readonly url: string;
  readonly kind: string;
  stats(): Promise<Stats>;
  close(): Promise<void>;
};

/** Starts sinks: in C where there is a compiler, else in Node. TLS is always Node's. */
export async function sinkStarter(here: string, work: string) {
  const program = join(work, 'sink');
  const compiled = await promisify(execFile)('cc', ['-O2', '-pthread', '-o', program, join(here, 'sink.c')]).then(
    () => true,
    () => false,
  );
  const start = async ({ rate = 0, delayMs = 0, tls = false }: SinkOptions = {}): Promise<Sink> => {
    const inC = compiled && !tls;
    const [file, ...args] = inC ? [program] : [process.execPath, join(here, 'sink.mjs')];
    const child = spawn(file as string, [...args, String(rate), String(delayMs), ...(tls ? ['tls'] : [])], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [port] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    const ended = once(child, 'close');
    const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port.trim()}/v1`;
    return {
      url,
      kind: inC ? 'sink.c' : 'sink.mjs',
      stats: async () => (await fetch(`${url}/stats`, { headers: { connection: 'close' } })).json() as Promise<Stats>,
      close: async () => {
        child.kill('SIGKILL');
        await ended;
      },
    };
  };
  return start;
}
