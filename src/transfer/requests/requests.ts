import { UploadError } from '../../core/errors/errors.ts';
import { asRunError, RequestError, troubleOf } from '../../core/errors/request-error.ts';
import type { Emit, Endpoint } from '../../core/events/events.ts';
import { backoffMs, LONGEST_SERVER_DELAY_MS } from '../../core/policy/backoff.ts';
import type { Clock } from '../../core/ports.ts';
import { createGate } from './gate.ts';

/** Another attempt of a request lies ahead. */
export type Retry = { readonly attempt: number; readonly delayMs: number; readonly error: RequestError };

export type Request<T> = {
  readonly endpoint: Endpoint;
  readonly emit: Emit;
  /** Waits for its turn before each attempt; the gate comes after. */
  turn?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** One try, from 1. */
  attempt(attempt: number): Promise<T>;
  /** Receives each failure that is followed by another attempt. */
  onRetry?(retry: Retry): void;
  /** Failures that are not worth another attempt here, whatever their status says. */
  isFinal?(error: RequestError): boolean;
};

/** All requests of a run: they share one count of failures and one gate. */
export type Requests = {
  /** The reply, or the last RequestError when it is refused for good or out of retries. */
  send<T>(request: Request<T>, signal: AbortSignal): Promise<T>;
};

/** A whole reply of the wrong kind is requested again this often. */
const MALFORMED_RETRIES = 2;

export type RetryPolicy = { readonly retries: number; readonly clock: Clock; readonly random: () => number };

export const createRequests = ({ retries, clock, random }: RetryPolicy): Requests => {
  const gate = createGate(clock);
  const hold = createHold(gate, clock);
  const failures = countFailures(clock);
  const delayOf = delaysOf(failures, retries, random);

  /** A request that ends here without success holds the others all the same. */
  const giveUp = (error: RequestError, emit: Emit, thrown: Error = error): never => {
    hold(error, emit);
    throw thrown;
  };
  const send = async <T>(request: Request<T>, signal: AbortSignal): Promise<T> => {
    for (let attempt = 1, malformed = 0; ; attempt += 1) {
      await request.turn?.(signal);
      await gate.passed(signal);
      signal.throwIfAborted();
      const startedAtMs = clock.monotonic();
      try {
        const reply = await request.attempt(attempt);
        failures.reset();
        return reply;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof RequestError)) throw error;
        if (request.isFinal?.(error)) giveUp(error, request.emit);
        if (error.failure.kind === 'malformed') malformed += 1;
        const delayMs = delayOf(error, { request, startedAtMs }, malformed) ?? giveUp(error, request.emit);
        if (delayMs > LONGEST_SERVER_DELAY_MS) giveUp(error, request.emit, waitTooLong(error, delayMs));
        (request.onRetry ?? announce(request))({ attempt, delayMs, error });
        if (!hold(error, request.emit)) await clock.sleep(delayMs, signal);
      }
    }
  };
  return { send };
};

/** How long to wait before the next attempt; nothing where there is none. */
const delaysOf =
  (failures: ReturnType<typeof countFailures>, retries: number, random: () => number) =>
  (error: RequestError, failed: Failed, malformed: number): number | undefined => {
    const { retryable, retryAfterMs, kind } = error.failure;
    if (!retryable || (kind === 'malformed' && malformed > MALFORMED_RETRIES)) return undefined;
    if (retryAfterMs !== undefined && retryAfterMs > LONGEST_SERVER_DELAY_MS) return retryAfterMs;
    const { count, counted } = failures.add(failed);
    if (count > retries) return undefined;
    const delayMs = retryAfterMs ?? backoffMs(Math.max(1, count), random);
    if (counted) failures.quietFor(delayMs, failed);
    return delayMs;
  };

/** Holds all requests back where the server says so; whether it does. */
const createHold =
  (gate: ReturnType<typeof createGate>, clock: Clock) =>
  (error: RequestError, emit: Emit): boolean => {
    const { retryAfterMs: delayMs, status, quota } = error.failure;
    if (delayMs === undefined || quota || (status !== 429 && status !== 503)) return false;
    if (delayMs > LONGEST_SERVER_DELAY_MS) gate.closeFor(delayMs, waitTooLong(error, delayMs));
    else {
      // Read first: what is told is never later than what is kept.
      const untilMs = clock.now() + delayMs;
      gate.closeFor(delayMs);
      emit({ type: 'gate.closed', untilMs, delayMs });
    }
    return true;
  };

const announce =
  <T>({ endpoint, emit }: Request<T>) =>
  ({ attempt, delayMs, error }: Retry): void =>
    emit({ type: 'request.retrying', endpoint, attempt: attempt + 1, delayMs, error: troubleOf(error) });

/** A failed attempt: of which request, and when it began. */
type Failed = { readonly request: object; readonly startedAtMs: number };

/**
 * Failures in a row. One counts only if its attempt began after the last counted one and the wait that followed it:
 * siblings that fail together count once, and so do those that wake a little earlier or later than the one that counted.
 * That one itself has waited, even where its timer woke it a little early.
 */
const countFailures = ({ monotonic }: Clock) => {
  let quietUntilMs = 0;
  let latest: object | undefined;
  let count = 0;
  return {
    add: ({ request, startedAtMs }: Failed): { readonly count: number; readonly counted: boolean } => {
      const counted = startedAtMs >= quietUntilMs || request === latest;
      if (counted) count += 1;
      return { count, counted };
    },
    quietFor: (ms: number, { request }: Failed): void => {
      quietUntilMs = monotonic() + ms;
      latest = request;
    },
    reset: () => {
      count = 0;
    },
  };
};

const waitTooLong = (error: RequestError, delayMs: number): UploadError => {
  const { code, httpStatus, requestId } = asRunError(error);
  return new UploadError(code, `${error.message}; the server asks to wait ${Math.ceil(delayMs / 60_000)} minutes`, {
    reason: 'retry-after-too-long',
    hint: 'run the same command again after that time: it resumes',
    cause: error,
    httpStatus,
    requestId,
  });
};
