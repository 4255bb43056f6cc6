import { serverDelayMs } from '../core/backoff.ts';
import type { Endpoint } from '../core/events.ts';
import { RequestError } from '../core/request-error.ts';

/** What a whole reply looks like to whoever classifies it. */
export type HttpReply = {
  readonly status: number;
  readonly body: string;
  header(name: string): string | undefined;
};

const REPLY_EXCERPT = 200;

/** A reply that is not a success, classified: the one place that knows which statuses are worth another attempt. */
export const statusFailure = (endpoint: Endpoint, reply: HttpReply, nowMs: number): RequestError => {
  const said = serverMessage(reply.body);
  const quota = isQuota(said);
  return new RequestError({
    endpoint,
    kind: 'status',
    reason: quota ? 'quota' : `http-${reply.status}`,
    message: `${actions[endpoint]}: the server answered ${reply.status}${said.message ? `: ${said.message}` : ''}`,
    hint: quota ? 'this does not pass by itself: free storage, or raise the limit of the account' : undefined,
    status: reply.status,
    requestId: reply.header('x-request-id'),
    retryable: isRetryable(reply, quota),
    retryAfterMs: serverDelayMs(reply.header, nowMs),
    mayBeDone: reply.status >= 500 || reply.status === 408,
    quota,
    about: [said.message, said.param, said.code].filter(Boolean).join(' '),
  });
};

/** A whole successful reply that is not what was asked for. */
export const malformedReply = (endpoint: Endpoint, reply: HttpReply, why: string): RequestError =>
  new RequestError({
    endpoint,
    kind: 'malformed',
    reason: 'malformed-reply',
    message: `${actions[endpoint]}: the server's answer is not what was asked for (${why}): ${excerpt(reply.body)}`,
    hint: 'check that the base URL points at an OpenAI-compatible API',
    status: reply.status,
    requestId: reply.header('x-request-id'),
    retryable: true,
    mayBeDone: true,
  });

const connectionReasons: Record<string, readonly [reason: string, sentence: string]> = {
  ECONNREFUSED: ['connection-refused', 'the connection was refused'],
  ECONNRESET: ['connection-reset', 'the connection was reset'],
  EPIPE: ['connection-reset', 'the connection was reset'],
  ENOTFOUND: ['dns', 'the host name was not found'],
  EAI_AGAIN: ['dns', 'the host name could not be looked up'],
  ETIMEDOUT: ['timeout', 'the connection timed out'],
  ENETUNREACH: ['network-unreachable', 'the network is unreachable'],
  EHOSTUNREACH: ['network-unreachable', 'the host is unreachable'],
  ERR_STALLED: ['stalled', 'no byte moved for too long'],
  ERR_CUT_SHORT: ['reply-cut-short', 'the answer broke off'],
};

/** An attempt without a whole reply. Whether the server carried it out is not known once all was handed over. */
export const connectionFailure = (endpoint: Endpoint, error: unknown, handedOver: boolean): RequestError => {
  const { code, message } = describe(error);
  const [reason, sentence] =
    connectionReasons[code] ??
    (isTls(code) ? ['tls', `the server's certificate is not trusted: ${message}`] : ['network', message]);
  return new RequestError(
    {
      endpoint,
      kind: 'connection',
      reason,
      message: `${actions[endpoint]}: ${sentence}${code && !isTls(code) ? ` (${code})` : ''}`,
      hint: isTls(code)
        ? 'if the certificate is of a private authority, name it with --ca-file or NODE_EXTRA_CA_CERTS'
        : undefined,
      retryable: !isTls(code),
      mayBeDone: handedOver,
    },
    error,
  );
};

const actions: Record<Endpoint, string> = {
  create: 'creating the upload',
  part: 'sending a part',
  complete: 'completing the upload',
  cancel: 'cancelling the upload',
  files: 'listing files',
  file: 'looking up the file',
  content: 'reading the file back',
  models: 'listing models',
};

const isTls = (code: string): boolean =>
  /^(ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|ERR_SSL_|EPROTO)/.test(code);

const describe = (error: unknown): { readonly code: string; readonly message: string } => {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return { code: typeof code === 'string' ? code : '', message: typeof message === 'string' ? message : String(error) };
};

/** `x-should-retry` first; then the statuses that pass by themselves. Quota does not. */
const isRetryable = ({ status, header }: HttpReply, quota: boolean): boolean => {
  const told = header('x-should-retry')?.toLowerCase();
  if (told === 'true') return true;
  if (told === 'false' || quota) return false;
  return status === 408 || status === 409 || status === 429 || status >= 500;
};

type Said = { readonly message?: string; readonly code?: string; readonly type?: string; readonly param?: string };

const isQuota = ({ code, type, message }: Said): boolean =>
  [code, type].some(
    word => word === 'insufficient_quota' || word === 'credit_balance_exhausted' || word === 'quotaExceeded',
  ) || /exceeded your (file )?storage quota/i.test(message ?? '');

/** The server's own words, from OpenAI's shape, Azure's, `{detail: …}`, or plain text; HTML has none worth showing whole. */
const serverMessage = (body: string): Said => {
  const json = parseJson(body) as { error?: unknown; detail?: unknown; message?: unknown } | undefined;
  const error = json?.error ?? json?.detail ?? json?.message;
  if (typeof error === 'string') return { message: error };
  if (typeof error === 'object' && error !== null) return texts(error as Record<string, unknown>);
  return { message: excerpt(body) };
};

const texts = (fields: Record<string, unknown>): Said =>
  Object.fromEntries(
    ['message', 'code', 'type', 'param']
      .filter(name => typeof fields[name] === 'string' || typeof fields[name] === 'number')
      .map(name => [name, String(fields[name])]),
  );

/** The reply as JSON, or nothing. */
export const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const excerpt = (body: string): string => {
  const text = body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text === '' ? '(empty)' : text.slice(0, REPLY_EXCERPT);
};
