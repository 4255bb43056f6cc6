import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type RequestLog, type RunningServer, type ServerOptions, startServer } from '../../../src/server/server.ts';

export const KEY = 'sk-test';

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: Json };
export type Json = { readonly [key: string]: Json } & { readonly length?: number };

/** A folder that is gone after the test. */
export async function scratchFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'oai-server-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

export type Local = RunningServer & {
  readonly dir: string;
  readonly logs: readonly RequestLog[];
  send(
    method: string,
    path: string,
    body?: FormData | string | Uint8Array<ArrayBuffer>,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  json(method: string, path: string, body?: unknown): Promise<Answer>;
  create(fields?: object): Promise<string>;
  part(uploadId: string, bytes: string | Buffer, filename?: string): Promise<Answer>;
  complete(uploadId: string, partIds: readonly string[], md5?: string): Promise<Answer>;
};

/** A real server on a real socket, closed after the test. */
export async function local(options: Partial<ServerOptions> = {}): Promise<Local> {
  const dir = options.dir ?? (await scratchFolder());
  const logs: RequestLog[] = [];
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    key: KEY,
    onRequest: log => logs.push(log),
    ...options,
    dir,
  });
  onTestFinished(() => server.close());
  const send: Local['send'] = async (method, path, body, headers) => {
    const reply = await fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${KEY}`, ...headers },
      ...(body !== undefined && { body }),
    });
    return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Json };
  };
  const json: Local['json'] = (method, path, body) =>
    send(method, path, JSON.stringify(body), body === undefined ? {} : { 'content-type': 'application/json' });
  return {
    ...server,
    dir,
    logs,
    send,
    json,
    create: async fields => String((await json('POST', '/uploads', createBody(fields))).body['id']),
    part: (uploadId, bytes, filename = 'blob') => send('POST', `/uploads/${uploadId}/parts`, partForm(bytes, filename)),
    complete: (uploadId, part_ids, md5) =>
      json('POST', `/uploads/${uploadId}/complete`, { part_ids, ...(md5 !== undefined && { md5 }) }),
  };
}

export const createBody = (fields: object = {}): object => ({
  filename: 'hello.txt',
  purpose: 'assistants',
  bytes: 11,
  mime_type: 'text/plain',
  ...fields,
});

export function partForm(bytes: string | Buffer, filename: string): FormData {
  const form = new FormData();
  form.set('data', new Blob([new Uint8Array(Buffer.from(bytes))]), filename);
  return form;
}

/** Ids of the parts that are stored for an Upload. */
export const storedPartIds = async (dir: string, uploadId: string): Promise<readonly string[]> =>
  (await readdir(join(dir, 'uploads', uploadId))).filter(name => name.startsWith('part_'));
