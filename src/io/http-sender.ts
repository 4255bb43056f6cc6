import { once } from 'node:events';
import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { got, type Method, type Response } from 'got';
import { UploadError } from '../core/errors.ts';
import type { Endpoint } from '../core/events.ts';
import { RequestError } from '../core/request-error.ts';
import { createDrain, type Drain } from './drain.ts';
import { connectionFailure, type HttpReply, statusFailure } from './http-failure.ts';
import type { MultipartBody } from './multipart.ts';
import { watchStall } from './watch-stall.ts';

/** One HTTP request of the API. */
export type Call = {
  readonly endpoint: Endpoint;
  readonly method: Method;
  /** After the base URL, with its query. */
  readonly path: string;
  readonly json?: unknown;
  readonly multipart?: MultipartBody;
};

export type SenderOptions = {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connectTimeoutMs: number;
  readonly stallTimeoutMs: number;
  /** Told the `Date` of every answer. */
  onDate(dateMs: number): void;
};

export type Sender = {
  /** A whole reply, of whatever status; rejects with a RequestError where none came. */
  send(call: Call, signal: AbortSignal): Promise<HttpReply>;
  /** The body of a successful reply as it arrives. */
  stream(call: Call, signal: AbortSignal): AsyncIterable<Uint8Array>;
};

/** `complete` puts up to 8 GB together: ten times the usual patience, ten minutes by default. No other request has more. */
const MOST_PATIENCE = 10;
const patience = ({ endpoint }: Call): number => (endpoint === 'complete' ? MOST_PATIENCE : 1);

/** Sends over got and kept-alive connections. One call is one attempt: a streamed body cannot be rewound. */
export const createSender = (options: SenderOptions): Sender => {
  const agent = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  const { connectTimeoutMs: connect } = options;
  const drain = createDrain();
  const client = got.extend({
    agent,
    headers: options.headers,
    retry: { limit: 0 },
    throwHttpErrors: false,
    followRedirect: false,
    timeout: { lookup: connect, connect, secureConnect: connect },
  });

  const send = async (call: Call, signal: AbortSignal): Promise<HttpReply> => {
    const attempt = beginAttempt(call, options, drain, signal);
    try {
      const request = client(options.baseUrl + call.path, {
        ...attempt.gotOptions,
        method: call.method,
        responseType: 'text',
      });
      request.on('request', attempt.watch);
      const response = await request;
      if (response.ok) attempt.answered();
      return learn(response, options);
    } catch (error) {
      throw attempt.failure(error);
    } finally {
      attempt.end();
    }
  };

  async function* stream(call: Call, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const attempt = beginAttempt(call, options, drain, signal);
    const body = client.stream(options.baseUrl + call.path, { ...attempt.gotOptions, method: call.method });
    body.on('request', attempt.watch);
    try {
      const [response] = (await once(body, 'response')) as [Response];
      if (!response.ok)
        throw statusFailure(call.endpoint, { ...learn(response, options), body: await textOf(body) }, Date.now());
      yield* body;
    } catch (error) {
      throw attempt.failure(error);
    } finally {
      attempt.end();
      body.destroy();
    }
  }
  return { send, stream };
};

const learn = (response: Response, { onDate }: SenderOptions): HttpReply => {
  const date = Date.parse(response.headers.date ?? '');
  if (!Number.isNaN(date)) onDate(date);
  return {
    status: response.statusCode,
    body: typeof response.body === 'string' ? response.body : '',
    header: name => [response.headers[name]].flat()[0],
  };
};

const textOf = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

/** One attempt's own signal, body and watch; `failure` says what an error of it means. */
function beginAttempt(call: Call, { stallTimeoutMs }: SenderOptions, drain: Drain, outer: AbortSignal) {
  const bodyBytes = call.multipart?.contentLength ?? 0;
  const startedAtMs = performance.now();
  const stalled = new AbortController();
  const signal = AbortSignal.any([outer, stalled.signal]);
  let sourceFailure: unknown;
  let handedOver = false;
  let stopWatching = (): void => {};

  /** Once all is handed over, it may still be draining somewhere on the way: no byte moves that we could see. */
  const patienceMs = (): number => {
    const drainMs = handedOver ? drain.msFor(bodyBytes) : 0;
    return Math.min(stallTimeoutMs * patience(call) + drainMs, stallTimeoutMs * MOST_PATIENCE);
  };

  async function* guarded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* bytes;
    } catch (error) {
      sourceFailure = error;
      throw error;
    }
  }

  return {
    gotOptions: { ...bodyOptions(call, guarded), signal },
    watch: (request: ClientRequest): void => {
      request.once('finish', () => {
        handedOver = true;
      });
      stopWatching = watchStall(request, stallTimeoutMs, patienceMs, () => stalled.abort(stallError));
    },
    answered: (): void => {
      if (bodyBytes > 0) drain.arrived(bodyBytes, performance.now() - startedAtMs);
    },
    end: (): void => stopWatching(),
    failure: (error: unknown): unknown => {
      if (outer.aborted) return outer.reason;
      if (sourceFailure instanceof UploadError || error instanceof RequestError) return sourceFailure ?? error;
      if (stalled.signal.aborted) return connectionFailure(call.endpoint, stallError, handedOver);
      return isOfHttp(error) ? connectionFailure(call.endpoint, error, handedOver) : error;
    },
  };
}

const stallError = Object.assign(new Error('no byte moved for too long'), { code: 'ERR_STALLED' });

/** Errors of got and of the sockets below it carry a code; anything else is a bug of ours. */
const isOfHttp = (error: unknown): boolean => error instanceof Error && 'code' in error;

type BodyOptions = { body?: AsyncGenerator<Uint8Array>; headers?: Record<string, string>; json?: unknown };

const bodyOptions = (
  { json, multipart }: Call,
  guarded: (bytes: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>,
): BodyOptions => {
  if (multipart) {
    const headers = { 'content-type': multipart.contentType, 'content-length': String(multipart.contentLength) };
    return { body: guarded(multipart.bytes()), headers };
  }
  return json === undefined ? {} : { json };
};
