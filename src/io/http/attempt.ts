import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { RequestError } from '../../core/errors/request-error.ts';
import { monotonicMs } from '../../core/policy/monotonic.ts';
import { connectionFailure } from '../net/connection-failure.ts';
import { type OutgoingBody, outgoingBody } from './body.ts';
import type { Call } from './call.ts';
import { GivenUp } from './give-up.ts';
import { leastBytes, patienceMs, replyLimitMs, type Waiting } from './patience.ts';
import { watchReply } from './watch-reply.ts';
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
  /** A success was answered, so the body is at the server. */
  arrived(): void;
  failure(error: unknown): unknown;
  /** After the connection is done with it. */
  end(): void;
};

export const beginAttempt = (call: Call, waiting: Waiting, outer: AbortSignal): Attempt => {
  const startedAtMs = monotonicMs();
  const bodyBytes = call.multipart?.contentLength ?? 0;
  const givenUp = new AbortController();
  const stream = call.multipart && outgoingBody(call.multipart.bytes());
  const text = call.json === undefined ? undefined : JSON.stringify(call.json);
  const seen: Seen = { connected: false, answered: false };
  let stopWatching = (): void => {};
  const arrived = (): void => waiting.drain.arrived(bodyBytes, monotonicMs() - startedAtMs);
  // What was given to the connection may be at the server, whatever became of the connection since.
  const handedOver = () => (stream ? stream.progress.given >= bodyBytes : seen.connected);
  return {
    signal: AbortSignal.any([outer, givenUp.signal]),
    body: stream?.chunks ?? text,
    request: () => seen.request,
    bytesSent: () => stream?.progress.sent ?? (handedOver() ? Buffer.byteLength(text ?? '') : 0),
    answeredEarly: () => seen.answered && stream?.progress.whole === false,
    watch: request => {
      see(request, seen, stream);
      stopWatching = watchBoth(request, {
        stall: stallLimits(call, waiting, () => (handedOver() ? bodyBytes : 0)),
        reply: { isHandedOver: () => handedOver() || seen.answered, limitMs: replyLimitMs(call, waiting) },
        giveUp: why => givenUp.abort(why),
      });
    },
    arrived: bodyBytes > 0 ? arrived : () => {},
    failure: error => {
      if (outer.aborted) return outer.reason;
      if (stream?.progress.failure) return stream.progress.failure.error;
      return meaningOf(givenUp.signal.aborted ? givenUp.signal.reason : error, call, seen.answered, handedOver());
    },
    end: () => {
      stopWatching();
      stream?.end();
    },
  };
};

/** When to give a request up. */
type Limits = {
  readonly stall: Parameters<typeof watchStall>[1];
  readonly reply: Parameters<typeof watchReply>[1];
  giveUp(why: GivenUp): void;
};

/** `arriving` tells how many bytes the connection still carries. */
const stallLimits = (call: Call, waiting: Waiting, arriving: () => number): Limits['stall'] => ({
  stallMs: waiting.stallTimeoutMs,
  patienceMs: () => patienceMs(call, waiting, arriving()),
  leastBytes: leastBytes(call),
});

/** Watches a request until it is told to stop. */
const watchBoth = (request: ClientRequest, { stall, reply, giveUp }: Limits): (() => void) => {
  const stops = [watchStall(request, stall, giveUp), watchReply(request, reply, giveUp)];
  return () => {
    for (const stop of stops) stop();
  };
};

/** A request without a stream goes out as soon as there is a connection. */
type Seen = { request?: ClientRequest; connected: boolean; answered: boolean };

function see(request: ClientRequest, seen: Seen, stream: OutgoingBody | undefined): void {
  seen.request = request;
  request.once('socket', (socket: Socket & { readonly encrypted?: boolean; readonly secureConnecting?: boolean }) => {
    seen.connected = !socket.connecting && !socket.secureConnecting;
    // A kept one is connected, and has no use for another listener with each request.
    if (seen.connected) return;
    socket.once(socket.encrypted ? 'secureConnect' : 'connect', () => {
      seen.connected = true;
    });
  });
  request.once('response', () => {
    seen.answered = true;
    stream?.stop();
  });
}

/** Errors of got and of the sockets below it carry a code; anything else is a bug of ours. */
const meaningOf = (error: unknown, { endpoint }: Call, answered: boolean, handedOver: boolean): unknown => {
  if (error instanceof RequestError || !(error instanceof Error) || !('code' in error)) return error;
  const isCutShort = answered && !(error instanceof GivenUp);
  return connectionFailure(endpoint, isCutShort ? cutShort() : error, handedOver);
};

const cutShort = (): Error => Object.assign(new Error('the reply broke off'), { code: 'ERR_CUT_SHORT' });
