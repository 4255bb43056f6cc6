import type { ClientRequest, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { RequestError } from '../../core/errors/request-error.ts';
import type { RequestDetail, RequestRecord } from '../../core/model/request-record.ts';
import type { Attempt } from './attempt.ts';
import type { Incoming } from './client.ts';
import type { ExchangeOptions, RequestLog, Way } from './exchange.ts';

/** How an exchange ended. */
export type Exchanged = {
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly bytesReceived: number;
  readonly incoming?: Incoming;
  readonly error?: unknown;
};

/** The exchange as logs tell it: what is secret never gets in. */
export const recordOf = (
  { call, url }: Way,
  attempt: Attempt,
  { startedAtMs, durationMs, bytesReceived, incoming, error }: Exchanged,
  options: ExchangeOptions,
  log: RequestLog,
): RequestRecord => {
  const requestId = textOf(incoming?.headers['x-request-id']);
  return {
    atMs: startedAtMs,
    endpoint: call.endpoint,
    method: call.method,
    url: url.href,
    attempt: log.attemptNumber(),
    status: incoming?.status,
    bytesSent: attempt.bytesSent(),
    bytesReceived,
    durationMs,
    requestId: requestId && options.scrub(requestId),
    failure: error === undefined ? undefined : failureWord(error),
    detail: log.detailed ? detailOf(attempt.request(), incoming, options) : undefined,
  };
};

const failureWord = (error: unknown): string =>
  error instanceof RequestError ? error.failure.reason : ((error as { reason?: string } | null)?.reason ?? 'stopped');

const detailOf = (
  request: ClientRequest | undefined,
  incoming: Incoming | undefined,
  options: ExchangeOptions,
): RequestDetail => ({
  requestHeaders: shown(request?.getHeaders() ?? {}, options),
  responseHeaders: shown(incoming?.headers ?? {}, options),
  connection: {
    reused: request?.reusedSocket ?? false,
    local: addressOf(request?.socket?.localAddress, request?.socket?.localPort),
    remote: addressOf(request?.socket?.remoteAddress, request?.socket?.remotePort),
  },
  timings: Object.fromEntries(
    Object.entries(incoming?.phases ?? {}).filter((phase): phase is [string, number] => typeof phase[1] === 'number'),
  ),
});

const addressOf = (address: string | undefined, port: number | undefined): string | undefined =>
  address === undefined ? undefined : `${address.includes(':') ? `[${address}]` : address}:${port}`;

/** By their name; `x-api-key` and what gateways invent are among them. */
const SECRET = /auth|api-?key|cookie|token|secret|password|credential/i;

const shown = (
  headers: OutgoingHttpHeaders | IncomingHttpHeaders,
  { secretHeaders, scrub }: ExchangeOptions,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      SECRET.test(name) || secretHeaders.has(name) ? '[redacted]' : scrub(textOf(value) ?? ''),
    ]),
  );

const textOf = (value: string | number | readonly string[] | undefined): string | undefined =>
  value === undefined ? undefined : [value].flat().join(', ');
