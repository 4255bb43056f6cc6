import type { ClientRequest } from 'node:http';
import { RequestError } from '../core/request-error.ts';
import { connectionFailure } from './connection-failure.ts';
import { type OutgoingBody, outgoingBody } from './http-body.ts';
import type { Call } from './http-call.ts';
import { watchStall } from './watch-stall.ts';

/** One attempt of a call: its own signal and body, and what its errors mean. */
export type Attempt = {
  readonly signal: AbortSignal;
  readonly body: string | AsyncGenerator<Uint8Array> | undefined;
  /** Node's request, once there is one. */
  request(): ClientRequest | undefined;
  bytesSent(): number;
  /** An answer came although the body was not handed over whole. */
  answeredEarly(): boolean;
  watch(request: ClientRequest): void;
  failure(error: unknown): unknown;
  /** After the connection is done with it. */
  end(): void;
};

/** `complete` puts up to 8 GB together: ten times the usual patience, ten minutes by default. */
const patience = ({ endpoint }: Call): number => (endpoint === 'complete' ? 10 : 1);

export const beginAttempt = (call: Call, stallTimeoutMs: number, outer: AbortSignal): Attempt => {
  const stalled = new AbortController();
  const stream = call.multipart && outgoingBody(call.multipart.bytes());
  const text = call.json === undefined ? undefined : JSON.stringify(call.json);
  const seen: Seen = { handedOver: false, answered: false };
  let stopWatching = (): void => {};
  return {
    signal: AbortSignal.any([outer, stalled.signal]),
    body: stream?.chunks ?? text,
    request: () => seen.request,
    bytesSent: () => stream?.progress.sent ?? (seen.handedOver ? Buffer.byteLength(text ?? '') : 0),
    answeredEarly: () => seen.answered && stream?.progress.whole === false,
    watch: request => {
      see(request, seen, stream);
      stopWatching = watchStall(request, stallTimeoutMs * patience(call), () => stalled.abort(stallError()));
    },
    failure: error => {
      if (outer.aborted) return outer.reason;
      if (stream?.progress.failure) return stream.progress.failure.error;
      return meaningOf(stalled.signal.aborted ? stalled.signal.reason : error, call, seen);
    },
    end: () => {
      stopWatching();
      stream?.end();
    },
  };
};

type Seen = { request?: ClientRequest; handedOver: boolean; answered: boolean };

function see(request: ClientRequest, seen: Seen, stream: OutgoingBody | undefined): void {
  seen.request = request;
  request.once('finish', () => {
    seen.handedOver = true;
  });
  request.once('response', () => {
    seen.answered = true;
    stream?.stop();
  });
}

/** Errors of got and of the sockets below it carry a code; anything else is a bug of ours. */
const meaningOf = (error: unknown, { endpoint }: Call, { answered, handedOver }: Seen): unknown => {
  if (error instanceof RequestError || !(error instanceof Error) || !('code' in error)) return error;
  const isCutShort = answered && error.code !== STALLED;
  return connectionFailure(endpoint, isCutShort ? cutShort() : error, handedOver);
};

const STALLED = 'ERR_STALLED';
const stallError = (): Error => withCode(STALLED, 'no byte moved for too long');
const cutShort = (): Error => withCode('ERR_CUT_SHORT', 'the answer broke off');

const withCode = (code: string, message: string): Error => Object.assign(new Error(message), { code });
