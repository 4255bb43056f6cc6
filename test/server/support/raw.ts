import { request } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { KEY } from './local.ts';

export type RawAnswer = {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
};

type RawRequest = {
  readonly method?: string;
  readonly headers?: Record<string, string | number>;
  readonly body?: Iterable<Buffer> | AsyncIterable<Buffer>;
};

/** A plain node:http client: rejects with what the socket says unless a whole answer came. */
export function rawRequest(url: string, { method = 'POST', headers, body = [] }: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { authorization: `Bearer ${KEY}`, ...headers } });
    sent.on('response', reply => {
      text(reply).then(body => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text: body }), reject);
    });
    sent.on('error', reject);
    Readable.from(body).pipe(sent);
  });
}

/** Sends bytes as they are and gives what comes back until the server hangs up. */
export async function rawSocket(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  return text(socket);
}

export const BOUNDARY = 'edge-of-the-part';
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

/** A form of one file, cut where the test wants it. */
export const formOf = (payload: string | Buffer, head = 'form-data; name="data"; filename="part-1"'): Buffer =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: ${head}\r\n\r\n`),
    Buffer.from(payload),
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);

/** Zeros, a MiB at a time, as long as anyone reads. */
export function* zeros(bytes: number): Generator<Buffer> {
  const MiB = Buffer.alloc(1024 ** 2);
  for (let left = bytes; left > 0; left -= MiB.length) yield MiB.subarray(0, Math.min(left, MiB.length));
}
