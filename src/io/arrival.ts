/** How far bytes have come that still arrive. */
export type Arrival = {
  /** The count so far, for threads that may block. */
  readonly count: SharedArrayBuffer;
  /** Aborted when no more will come; its reason is why. */
  readonly failed: AbortSignal;
  /** Settles once so many bytes are there; rejects where they never will be. */
  reached(bytes: number, signal: AbortSignal): Promise<void>;
};

/** The end that the bytes come in at. */
export type ArrivalProgress = Arrival & { advance(bytes: number): void; fail(error: unknown): void };

type Waiter = { readonly bytes: number; admit(): void };

export const createArrival = (): ArrivalProgress => {
  const count = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
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
    count,
    failed: failure.signal,
    reached: (bytes, signal) =>
      bytes <= arrived ? Promise.resolve() : wait(bytes, AbortSignal.any([failure.signal, signal])),
    advance: bytes => {
      arrived = bytes;
      tell(count, bytes);
      for (const { bytes: wanted, admit } of waiting) if (wanted <= bytes) admit();
    },
    fail: error => failure.abort(error),
  };
};

function tell(count: SharedArrayBuffer, bytes: number): void {
  const shared = new BigInt64Array(count);
  Atomics.store(shared, 0, BigInt(bytes));
  Atomics.notify(shared, 0);
}

/** Blocks this thread until so many bytes are there. */
export function blockUntil(count: SharedArrayBuffer, bytes: number): void {
  const shared = new BigInt64Array(count);
  for (let arrived = Atomics.load(shared, 0); arrived < bytes; arrived = Atomics.load(shared, 0))
    Atomics.wait(shared, 0, arrived);
}
