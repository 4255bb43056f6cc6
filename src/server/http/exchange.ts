import type { IncomingMessage, ServerResponse } from 'node:http';
import { monotonicMs } from '../../core/policy/monotonic.ts';
import type { Turn } from '../faults/fault-picker.ts';
import type { Route } from '../routes.ts';
import { newRequestId } from '../store/ids.ts';
import { type Body, openBody } from './body.ts';
import type { Context } from './context.ts';

/** One request and the answer to it. */
export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Body;
  readonly requestId: string;
  readonly startedAtMs: number;
  /** The same on the monotonic clock. */
  readonly startedMs: number;
  /** Aborts when the exchange is over, however it ends. */
  readonly over: AbortSignal;
  /** Noted on the way, for the log. */
  route?: Route;
  turn?: Turn;
};

export function openExchange(request: IncomingMessage, response: ServerResponse, context: Context): Exchange {
  const over = new AbortController();
  const [path = '', query] = (request.url ?? '').split('?', 2);
  const exchange: Exchange = {
    request,
    response,
    path,
    query: new URLSearchParams(query),
    body: openBody(request, over.signal),
    requestId: newRequestId(),
    startedAtMs: Date.now(),
    startedMs: monotonicMs(),
    over: over.signal,
  };
  exchange.body.limitRate(context.options.bytesPerSecond ?? Number.POSITIVE_INFINITY);
  response.once('close', () => {
    over.abort();
    log(exchange, context);
  });
  return exchange;
}

function log(
  { request, response, path, body, requestId, startedAtMs, route, turn }: Exchange,
  { options }: Context,
): void {
  options.onRequest?.({
    method: request.method ?? '',
    path,
    ...(route && { endpoint: route.endpoint }),
    ...(response.headersSent && { status: response.statusCode }),
    bytesReceived: body.received(),
    startedAtMs,
    endedAtMs: Date.now(),
    ...(turn?.part !== undefined && { part: turn.part }),
    ...(turn && { attempt: turn.attempt }),
    ...(turn?.fault && { fault: turn.fault.do }),
    requestId,
    closedEarly: !response.writableFinished,
  });
}
