import type { CheckReport } from '../model/check.ts';
import type { UnfinishedResult } from '../outcome/result.ts';
import type { ErrorCode } from '../schema/error.ts';
import type { Reason } from './reasons.ts';

/** Exit code of each name; the one table that a script can rely on. */
export const exitCodes = {
  BUG: 1,
  USAGE: 2,
  SOURCE: 3,
  AUTH: 4,
  UNAVAILABLE: 5,
  REJECTED: 6,
  INTEGRITY: 7,
  EXPIRED: 8,
  UNCERTAIN: 9,
  LOCKED: 11,
  INTERRUPTED: 130,
} as const;

export type { ErrorCode };

const signalReasons = { SIGHUP: 'sighup', SIGINT: 'sigint', SIGTERM: 'sigterm' } as const;
const signalExitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Signals that interrupt a run and keep what was done. */
export type InterruptSignal = keyof typeof signalExitCodes;

/** What may be known of a failure besides its code and sentence. */
export type ErrorDetails = {
  readonly reason: Reason;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  readonly httpStatus?: number | undefined;
  readonly requestId?: string | undefined;
  readonly exitCode?: number;
  readonly result?: UnfinishedResult | undefined;
  readonly check?: CheckReport | undefined;
};

/** Everything that a user can act on. Any other error is a bug: exit 1, with its stack. */
export class UploadError extends Error {
  // The build shortens the names of classes, and Node shows them.
  static override readonly name = 'UploadError';
  override readonly name = 'UploadError';
  /** A name of the exit table. */
  readonly code: ErrorCode;
  /** A finer word than the code, stable. */
  readonly reason: Reason;
  /** What helps. It may name a flag of the command: the option has its name. */
  readonly hint: string | undefined;
  readonly httpStatus: number | undefined;
  /** `x-request-id`, for the server's people. */
  readonly requestId: string | undefined;
  /** What the command exits with. */
  readonly exitCode: number;
  /** What is known of the file's push; `push` of the library gives it, unless nothing was begun. */
  readonly result: UnfinishedResult | undefined;
  /** What the check of the lines found, where that is why. */
  readonly check: CheckReport | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails) {
    super(message, { cause: details.cause });
    this.code = code;
    this.reason = details.reason;
    this.hint = details.hint;
    this.httpStatus = details.httpStatus;
    this.requestId = details.requestId;
    this.exitCode = details.exitCode ?? exitCodes[code];
    this.result = details.result;
    this.check = details.check;
  }

  /** Whether pushing the file again goes on from here. */
  get resumable(): boolean {
    return this.result?.resumable ?? false;
  }
}

/** The error that a caught signal aborts the run with. */
export const interruptedBy = (signal: InterruptSignal): UploadError =>
  new UploadError('INTERRUPTED', `interrupted by ${signal}`, {
    reason: signalReasons[signal],
    exitCode: signalExitCodes[signal],
  });

const STOPPED = 'fail-fast';

/** The error that the other files end with when one has failed and `--fail-fast` was given. */
export const stoppedBy = (path: string): UploadError =>
  new UploadError('INTERRUPTED', `stopped, because ${path} failed (--fail-fast)`, { reason: STOPPED });

/** Whether a file ended only because another one failed. */
export const isStopped = ({ reason }: UploadError): boolean => reason === STOPPED;

/** A mistake on the command line, in the environment or in the config file. */
export const usageError = (message: string, hint?: string): UploadError =>
  new UploadError('USAGE', message, { reason: 'usage', hint });

/** What is wrong with the local file. */
export const sourceError = (reason: Reason, message: string, hint?: string, cause?: unknown): UploadError =>
  new UploadError('SOURCE', message, { reason, hint, cause });

/** The same error, with the result that its push came to. */
export const withResult = (error: UploadError, result: UnfinishedResult): UploadError =>
  new UploadError(error.code, error.message, { ...error, cause: error.cause, result });

/** The same failure, with a hint that fits better. */
export const withHint = (error: UploadError, hint: string): UploadError =>
  new UploadError(error.code, error.message, { ...error, cause: error.cause, hint });

/** Any thrown value as something that can be shown: what is not an UploadError is a bug. */
export const asUploadError = (thrown: unknown): UploadError =>
  thrown instanceof UploadError
    ? thrown
    : new UploadError('BUG', thrown instanceof Error ? thrown.message : String(thrown), {
        reason: 'bug',
        cause: thrown,
      });
