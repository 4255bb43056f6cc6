import type { Reason } from '../../core/errors/reasons.ts';
import { RequestError } from '../../core/errors/request-error.ts';
import type { Endpoint } from '../../core/events/events.ts';
import { serverDelayMs } from '../../core/policy/backoff.ts';
import { cutText } from '../../core/policy/cut-text.ts';
import { type Refusal, replyHint } from '../../core/policy/reply-hints.ts';
import type { HttpReply } from './reply.ts';
import { excerpt, isPage, type Said, serverWords } from './server-words.ts';

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
    hint: reply.trouble ?? replyHint({ ...refusalOf(endpoint, reply), code: said.code, isQuota: quota }),
    status,
    requestId: requestIdOf(reply),
    retryable: isRetryable(reply, quota),
    retryAfterMs: serverDelayMs(reply.header, nowMs),
    mayBeDone: status >= 500 || status === 408,
    quota,
    about: [said.message, said.param, said.code].filter(Boolean).join(' '),
  });
};

/** A whole reply that is not the one that was requested, and why. */
export const malformedReply = (endpoint: Endpoint, reply: HttpReply, why: string): RequestError =>
  new RequestError({
    endpoint,
    kind: 'malformed',
    reason: 'malformed-reply',
    message: `${actions[endpoint]}: the server sent an unexpected reply (${cutText(why, LONGEST_WHY)}): ${excerpt(reply.body)}`,
    hint: replyHint(refusalOf(endpoint, reply)),
    status: reply.status,
    requestId: requestIdOf(reply),
    retryable: true,
    mayBeDone: true,
  });

const LONGEST_WHY = 200;

/** A redirect that is not followed, and why. */
export const redirectRefused = (endpoint: Endpoint, reply: HttpReply, why: string, hint?: string): RequestError =>
  new RequestError({
    endpoint,
    kind: 'status',
    reason: `http-${reply.status}`,
    message: `${actions[endpoint]}: the server answered ${reply.status}: ${cutText(why)}`,
    hint,
    status: reply.status,
    requestId: requestIdOf(reply),
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

const reasonOf = (status: number, quota: boolean): Reason => {
  if (quota) return 'quota';
  return status === 407 ? 'proxy-auth' : `http-${status}`;
};

const refusalOf = (endpoint: Endpoint, { status, body, baseUrl = '' }: HttpReply): Refusal => ({
  endpoint,
  status,
  isPage: isPage(body),
  baseUrl,
});

/** Longer ones name nothing that can be looked up. */
const LONGEST_REQUEST_ID = 200;

const requestIdOf = ({ header }: HttpReply): string | undefined => {
  const id = header('x-request-id');
  return id && cutText(id, LONGEST_REQUEST_ID);
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
