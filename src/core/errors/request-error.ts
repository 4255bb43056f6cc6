import type { Endpoint, Trouble } from '../events/events.ts';
import { asUploadError, type ErrorCode, UploadError } from './errors.ts';
import type { Reason } from './reasons.ts';

/** One failed attempt, classified once by the adapter that knows HTTP. */
export type RequestFailure = {
  readonly endpoint: Endpoint;
  readonly kind: 'connection' | 'status' | 'malformed';
  /** Stable word for scripts: `http-503`, `connection-reset`, `stalled`, … */
  readonly reason: Reason;
  /** A sentence, with the server's own message where it gave one. */
  readonly message: string;
  readonly hint?: string | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryable: boolean;
  /** The server's own word on when to ask again. */
  readonly retryAfterMs?: number | undefined;
  /** The server may have carried the request out although no such answer came. */
  readonly mayBeDone: boolean;
  /** A definite no that waiting does not cure: quota. */
  readonly quota?: boolean;
  /** Message, param and code of the server, for the exit code of a refused `complete` only. */
  readonly about?: string | undefined;
};

/** A failed attempt of one request. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly failure: RequestFailure;

  constructor(failure: RequestFailure, cause?: unknown) {
    super(failure.message, { cause });
    this.failure = failure;
  }
}

/** A status that refuses the request itself, as opposed to the caller (401, 403, 407) or the moment (408, 429). */
export const isRefusal = ({ status }: RequestFailure): boolean =>
  status !== undefined && status >= 400 && status < 500 && ![401, 403, 407, 408, 429].includes(status);

/** What a failure is called when it ends the run. */
export const codeOf = (failure: RequestFailure): ErrorCode => {
  if (failure.kind === 'connection') return 'UNAVAILABLE';
  if (failure.kind === 'malformed' || failure.quota) return 'REJECTED';
  const status = failure.status ?? 0;
  if (status === 401 || status === 403 || status === 407) return 'AUTH';
  if (isAboutIntegrity(failure)) return 'INTEGRITY';
  return status === 408 || status === 409 || status === 429 || status >= 500 ? 'UNAVAILABLE' : 'REJECTED';
};

const isAboutIntegrity = ({ endpoint, status, about }: RequestFailure): boolean =>
  endpoint === 'complete' &&
  [400, 409, 413, 422].includes(status ?? 0) &&
  /md5|checksum|digest|hash|bytes|size/i.test(about ?? '');

/** Whether the server's words are about the md5 of the whole file. */
export const isAboutMd5 = ({ about = '' }: RequestFailure): boolean => /md5|checksum|digest|hash/i.test(about);

/** The failure as the error that ends the run. */
export const asRunError = (error: RequestError, hint?: string): UploadError =>
  new UploadError(codeOf(error.failure), error.message, {
    reason: error.failure.reason,
    hint: error.failure.hint ?? hint ?? hintFor(error.failure),
    cause: error,
    httpStatus: error.failure.status,
    requestId: error.failure.requestId,
  });

/** Any thrown value as the error that ends a file's push: a failed request is one too, wherever it was made. */
export const asFailure = (thrown: unknown): UploadError =>
  thrown instanceof RequestError ? asRunError(thrown) : asUploadError(thrown);

function hintFor(failure: RequestFailure): string | undefined {
  switch (codeOf(failure)) {
    case 'AUTH':
      return 'check the key (OPENAI_API_KEY or --api-key-file), organization and project, then run the same command again';
    case 'UNAVAILABLE':
      return failure.endpoint === 'create'
        ? 'run the same command again later'
        : 'run the same command again later: it resumes';
    case 'INTEGRITY':
      return isAboutMd5(failure)
        ? 'if the server refuses the md5 itself (its form is undocumented), run again with --no-md5'
        : 'the server counts other bytes than were sent: run again with --restart';
    default:
      return undefined;
  }
}

/** The failure as an event shows it. */
export const troubleOf = ({ failure }: RequestError): Trouble => ({
  reason: failure.reason,
  message: failure.message,
  httpStatus: failure.status,
  requestId: failure.requestId,
});
