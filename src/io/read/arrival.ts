/** How far bytes have come that still arrive. */
export type Arrival = {
  /** Aborted when no more will come; its reason is why. */
  readonly failed: AbortSignal;
  /** Settles once so many bytes are there; rejects where they never will be. */
  reached(bytes: number, signal: AbortSignal): Promise<void>;
};

/** The end that the bytes come in at. */
export type ArrivalProgress = Arrival & { advance(bytes: number): void; fail(error: unknown): void };

type Waiter = { readonly bytes: number; admit(): void };

export const createArrival = (): ArrivalProgress => {
  const failure = new AbortController();
  const waiting = new Set<Waiter>();
  let arrived = 0;

  const wait = (bytes: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (outcome: () => void) => (): void => {
        waiting.delete(waiter);
        signal.removeEventListener('abort', giveUp);
        outcome();
      };
      const waiter = { bytes, admit: settle(resolve) };
      const giveUp = settle(() => reject(signal.reason));
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener('abort', giveUp);
      waiting.add(waiter);
    });

  return {
    failed: failure.signal,
    reached: (bytes, signal) =>
      bytes <= arrived ? Promise.resolve() : wait(bytes, AbortSignal.any([failure.signal, signal])),
    advance: bytes => {
      arrived = bytes;
      for (const { bytes: wanted, admit } of waiting) if (wanted <= bytes) admit();
    },
    fail: error => failure.abort(error),
  };
};
