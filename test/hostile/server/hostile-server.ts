import { createServer, type Socket } from 'node:net';
import type { Endpoint } from '../../../src/core/events/events.ts';
import { listening } from '../../support/listening.ts';

export const CONTENT = 'twelve bytes';
export const [UPLOAD, FILE] = ['upload_1', 'file-1'] as const;

/** What a hostile server does with one request, of which head and body have come whole. */
export type Behave = (socket: Socket, request: Request) => void;

export type Request = {
  readonly endpoint: Endpoint;
  readonly path: string;
  /** The whole reply of an honest server, and its body. */
  readonly honest: string;
  readonly json: Json;
};

type Json = Readonly<Record<string, unknown>>;

/** A server that is honest at every endpoint but one. `met` resolves when that one is first requested. */
export async function hostileServer(hostileAt: Endpoint, behave: Behave) {
  let meet = (): void => {};
  const met = new Promise<void>(resolve => {
    meet = resolve;
  });
  const server = createServer(socket => {
    eachRequest(socket, (method, path) => {
      const endpoint = endpointOf(method, path);
      const json = honestJson(endpoint, hostileAt);
      const honest = endpoint === 'content' ? reply(200, CONTENT) : reply(200, JSON.stringify(json));
      if (endpoint !== hostileAt) return void socket.write(honest);
      behave(socket, { endpoint, path, honest, json });
      meet();
    });
  });
  return { url: `http://127.0.0.1:${await listening(server)}/v1`, met };
}

/** A whole reply; `headers` are lines with their ends. */
export const reply = (status: number, body: string, headers = ''): string =>
  `HTTP/1.1 ${status} X\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;

function eachRequest(socket: Socket, onRequest: (method: string, path: string) => void): void {
  let received = Buffer.alloc(0);
  socket.on('data', chunk => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const head = received.toString('latin1', 0, headEnd);
      const end = headEnd + 4 + bodyLength(head, received.subarray(headEnd + 4));
      if (Number.isNaN(end) || received.length < end) return;
      received = received.subarray(end);
      const [method = '', path = ''] = head.split(' ');
      onRequest(method, path);
    }
  });
}

/** NaN where a chunked body has not come whole. */
function bodyLength(head: string, rest: Buffer): number {
  if (!/transfer-encoding: chunked/i.test(head)) return Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  const end = rest.indexOf('0\r\n\r\n');
  return end < 0 ? Number.NaN : end + 5;
}

function endpointOf(method: string, path: string): Endpoint {
  const [, , kind, id, verb] = path.split(/[/?]/);
  if (kind === 'models') return 'models';
  if (kind === 'files') return verb === 'content' ? 'content' : path.includes('?') ? 'files' : 'file';
  if (method === 'POST' && id === undefined) return 'create';
  return verb === 'parts' ? 'part' : verb === 'complete' ? 'complete' : 'cancel';
}

const now = (): number => Math.floor(Date.now() / 1000);

const file = (hostileAt: Endpoint): Json => ({
  id: FILE,
  object: 'file',
  bytes: CONTENT.length,
  created_at: now(),
  filename: 'f.txt',
  purpose: 'user_data',
  status: hostileAt === 'file' ? 'uploaded' : 'processed',
});

const upload = (status: string): Json => ({
  id: UPLOAD,
  object: 'upload',
  bytes: CONTENT.length,
  created_at: now(),
  expires_at: now() + 3600,
  filename: 'f.txt',
  purpose: 'user_data',
  status,
});

function honestJson(endpoint: Endpoint, hostileAt: Endpoint): Json {
  switch (endpoint) {
    case 'create':
      // Without a size: doctor makes a trial of its own.
      return { ...upload('pending'), bytes: null };
    case 'part':
      return { id: 'part_1', object: 'upload.part', created_at: now(), upload_id: UPLOAD };
    case 'complete':
      return { ...upload('completed'), file: file(hostileAt) };
    case 'cancel':
      return upload('cancelled');
    case 'file':
      return file(hostileAt);
    default:
      // No File in the list: a lost `complete` completed nothing.
      return { object: 'list', data: [], has_more: false };
  }
}
