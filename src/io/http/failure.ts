import { RequestError } from '../../core/errors/request-error.ts';
import type { Endpoint } from '../../core/events/events.ts';
import { serverDelayMs } from '../../core/policy/backoff.ts';
import { excerpt, type HttpReply, type Said, serverWords } from './reply.ts';

/** A reply that is not a success, classified: the one place that knows which statuses are worth another attempt. */
export const statusFailure = (endpoint: Endpoint, reply: HttpReply, nowMs: number): RequestError => {
  const { status } = reply;
  const said = serverWords(reply.body);
  const quota = isQuota(said);
  return new RequestError({
    endpoint,
    kind: 'status',
    reason: reasonOf(status, quota),
    message: `${actions[endpoint]}: the ${status === 407 ? 'proxy' : 'server'} answered ${status}${said.message ? `: ${said.message}` : ''}`,
    hint: hintOf(status, quota),
    status,
    requestId: reply.header('x-request-id'),
    retryable: isRetryable(reply, quota),
    retryAfterMs: serverDelayMs(reply.header, nowMs),
    mayBeDone: status >= 500 || status === 408,
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

/** A redirect that is not followed, and why. */
export const redirectRefused = (endpoint: Endpoint, reply: HttpReply, why: string, hint?: string): RequestError =>
  new RequestError({
    endpoint,
    kind: 'status',
    reason: `http-${reply.status}`,
    message: `${actions[endpoint]}: the server answered ${reply.status}: ${why}`,
    hint,
    status: reply.status,
    requestId: reply.header('x-request-id'),
    retryable: false,
    mayBeDone: false,
  });

/** What was being done, for the beginning of a sentence. */
export const actions: Record<Endpoint, string> = {
  create: 'creating the upload',
  part: 'sending a part',
  complete: 'completing the upload',
  cancel: 'cancelling the upload',
  files: 'listing files',
  file: 'looking up the file',
  content: 'reading the file back',
  models: 'listing models',
};

/** How a proxy is told who we are. */
export const PROXY_AUTH_HINT =
  'give the proxy a user name and a password: --proxy http://user:password@host:port, or HTTPS_PROXY';

const reasonOf = (status: number, quota: boolean): string => {
  if (quota) return 'quota';
  return status === 407 ? 'proxy-auth' : `http-${status}`;
};

const hintOf = (status: number, quota: boolean): string | undefined => {
  if (quota) return 'this does not pass by itself: free storage, or raise the limit of the account';
  return status === 407 ? PROXY_AUTH_HINT : undefined;
};

/** `x-should-retry` first; then the statuses that pass by themselves. Quota does not. */
const isRetryable = ({ status, header }: HttpReply, quota: boolean): boolean => {
  const told = header('x-should-retry')?.toLowerCase();
  if (told === 'true') return true;
  if (told === 'false' || quota) return false;
  return status === 408 || status === 409 || status === 429 || status >= 500;
};

const isQuota = ({ code, type, message }: Said): boolean =>
  [code, type].some(
    word => word === 'insufficient_quota' || word === 'credit_balance_exhausted' || word === 'quotaExceeded',
  ) || /exceeded your (file )?storage quota/i.test(message ?? '');
