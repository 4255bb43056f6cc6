import { setImmediate as turn } from 'node:timers/promises';
import type { RequestRecord } from '../../core/model/request-record.ts';
import { monotonicMs } from '../../core/policy/monotonic.ts';
import { type Attempt, beginAttempt } from './attempt.ts';
import { bodyHeaders, type Call } from './call.ts';
import type { HttpClient, Incoming } from './client.ts';
import type { Waiting } from './patience.ts';
import { type Exchanged, recordOf } from './record.ts';
import { isSuccess } from './reply.ts';

/** What every exchange of a sender shares. */
export type ExchangeOptions = Waiting & {
  readonly client: HttpClient;
  /** As they are now: a key may have been renewed. */
  headers(): Readonly<Record<string, string>>;
  /** Headers whose values are never shown, besides those that are secret by their name. */
  readonly secretHeaders: ReadonlySet<string>;
  readonly log: RequestLog | undefined;
  /** Takes the key out of what the server says. */
  scrub(text: string): string;
  /** Told the `Date` of every answer. */
  onDate(dateMs: number): void;
};

/** Receives every request. */
export type RequestLog = {
  /** Headers, connection and timings too. */
  readonly detailed: boolean;
  /** Of the request that is being made. */
  attemptNumber(): number;
  record(record: RequestRecord): void;
};

/** The head of an answer, and the attempt that it answers. */
export type Answer = { readonly incoming: Incoming; readonly attempt: Attempt };

/** A call on its way to a URL, which a redirect may have named. */
export type Way = { readonly call: Call; readonly url: URL };

/** One request to its end: the body of the answer, of whatever status, as it comes. */
export async function* exchange(
  way: Way,
  options: ExchangeOptions,
  signal: AbortSignal,
  onAnswer: (answer: Answer) => void,
): AsyncGenerator<Uint8Array> {
  const attempt = beginAttempt(way.call, options, signal);
  const ended: { -readonly [Field in keyof Exchanged]: Exchanged[Field] } = {
    bytesReceived: 0,
    startedAtMs: Date.now(),
    durationMs: 0,
  };
  const startedMs = monotonicMs();
  try {
    const incoming = await open(way, attempt, options);
    ended.incoming = incoming;
    onAnswer({ incoming, attempt });
    for await (const chunk of incoming.bytes) {
      ended.bytesReceived += chunk.length;
      yield chunk;
    }
    // The body's last chunk may be out without our having been told.
    if (attempt.answeredEarly()) await turn();
    if (isSuccess(incoming.status) && !attempt.answeredEarly()) attempt.arrived();
  } catch (thrown) {
    ended.error = attempt.failure(thrown);
    throw ended.error;
  } finally {
    ended.incoming?.close();
    attempt.end();
    ended.durationMs = Math.round(monotonicMs() - startedMs);
    options.log?.record(recordOf(way, attempt, ended, options, options.log));
  }
}

async function open({ call, url }: Way, attempt: Attempt, options: ExchangeOptions): Promise<Incoming> {
  const incoming = await options.client.open({
    url,
    method: call.method,
    headers: { ...options.headers(), ...bodyHeaders(call) },
    body: attempt.body,
    signal: attempt.signal,
    onRequest: attempt.watch,
  });
  const date = Date.parse(incoming.headers.date ?? '');
  if (!Number.isNaN(date)) options.onDate(date);
  return incoming;
}
