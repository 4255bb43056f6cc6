import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../../core/policy/monotonic.ts';
import { type ApiError, errorBody } from './api-error.ts';
import type { Exchange } from './exchange.ts';

type Headers = Readonly<Record<string, string>>;

type Content = string | { readonly path: string; readonly bytes: number };

/** An answer, not yet sent. */
export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly content: Content;
  /** Breaks off in the middle. */
  readonly truncated?: boolean;
  /** Sent while the body is still on its way, and the rest is read on the same connection. */
  readonly keepOpen?: boolean;
};

// Long enough for a client to read an early answer, short enough to stop a flood.
const LINGER_MS = 1000;

export const json = (body: unknown, status = 200, headers: Headers = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  content: JSON.stringify(body),
});

export const refusal = ({ status, message, details }: ApiError): Reply =>
  json(errorBody(message, details), status, details.headers);

/** Sends the answer and settles the rest of the request's body. */
export async function sendReply(exchange: Exchange, reply: Reply): Promise<void> {
  const early = isBodyOnItsWay(exchange);
  writeHead(exchange, reply, early && !reply.keepOpen);
  if (reply.truncated) return sendHalf(exchange, reply);
  if (early) return sendEarly(exchange, reply);
  await exchange.body.discard(); // it is all here, and in the way of the connection's next request
  await sendContent(exchange, reply.content);
  exchange.response.end();
}

function writeHead({ response, requestId, startedMs }: Exchange, reply: Reply, last: boolean): void {
  const { content, status, headers } = reply;
  response.writeHead(status, {
    'x-request-id': requestId,
    'openai-version': '2020-10-01',
    'openai-processing-ms': String(Math.round(monotonicMs() - startedMs)),
    'content-length': sizeOf(content),
    ...((last || reply.truncated) && { connection: 'close' }),
    ...headers,
  });
}

async function sendContent({ response, over }: Exchange, content: Content, bytes = sizeOf(content)): Promise<void> {
  let left = bytes;
  for await (const chunk of bytesOf(content, bytes)) {
    left -= chunk.length;
    if (!response.write(chunk) && left > 0) await once(response, 'drain', { signal: over });
    if (left === 0) break; // the end of the file is not waited for: the client has all, and may be gone by then
  }
  if (left > 0) throw new Error('The content is shorter than it was.');
}

async function* bytesOf(content: Content, end: number): AsyncGenerator<Buffer> {
  if (typeof content === 'string') yield Buffer.from(content).subarray(0, end);
  else if (end > 0) yield* createReadStream(content.path, { end: end - 1, highWaterMark: 256 * 1024 });
}

const sizeOf = (content: Content): number => (typeof content === 'string' ? Buffer.byteLength(content) : content.bytes);

// Ending would close the connection with bytes unread, and the RST for those could overtake the answer.
async function sendEarly(exchange: Exchange, { content, keepOpen }: Reply): Promise<void> {
  const { response, body, over } = exchange;
  response.flushHeaders();
  await sendContent(exchange, content);
  const rest = body.discard();
  const patience = keepOpen ? [] : [sleep(LINGER_MS, undefined, { signal: over })];
  await Promise.race([rest, ...patience]).catch(() => {});
  response.end();
}

async function sendHalf(exchange: Exchange, { content }: Reply): Promise<void> {
  const { response } = exchange;
  response.flushHeaders();
  await sendContent(exchange, content, Math.floor(sizeOf(content) / 2));
  response.socket?.destroySoon();
}

const isBodyOnItsWay = ({ request }: Exchange): boolean =>
  !request.complete && (Number(request.headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in request.headers);
