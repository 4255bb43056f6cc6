import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestLog } from '../io/http/exchange.ts';
import type { Requests } from '../transfer/requests/requests.ts';

/** Receives requests, without the number of their attempt. */
export type RequestSink = Omit<RequestLog, 'attemptNumber'>;

/** Requests whose attempts know their number wherever they have got to; only a run with a log pays for that. */
export const logged = (
  requests: Requests,
  sink: RequestSink | undefined,
): { readonly requests: Requests; readonly log: RequestLog | undefined } => {
  if (!sink) return { requests, log: undefined };
  const numbers = new AsyncLocalStorage<number>();
  return {
    requests: {
      ...requests,
      send: (request, signal) =>
        requests.send({ ...request, attempt: number => numbers.run(number, () => request.attempt(number)) }, signal),
    },
    // What is asked outside of them, like a last cancel, is asked once.
    log: { ...sink, attemptNumber: () => numbers.getStore() ?? 1 },
  };
};
