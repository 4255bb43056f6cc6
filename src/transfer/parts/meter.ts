import type { Clock } from '../../core/ports.ts';

/** Progress of one attempt is told at most this often. */
const PROGRESS_INTERVAL_MS = 100;

/** Counts the bytes of one attempt as they are pulled. */
export type Meter = {
  readonly sent: number;
  through(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
};

export const createMeter = (clock: Clock, onProgress: (sent: number) => void): Meter => {
  let sent = 0;
  let toldAtMs = clock.monotonic();

  let told = 0;

  const tell = (nowMs: number): void => {
    toldAtMs = nowMs;
    told = sent;
    onProgress(sent);
  };
  const count = (chunk: Uint8Array): void => {
    sent += chunk.length;
    const nowMs = clock.monotonic();
    if (nowMs - toldAtMs >= PROGRESS_INTERVAL_MS) tell(nowMs);
  };

  return {
    get sent() {
      return sent;
    },
    async *through(bytes) {
      sent = 0;
      for await (const chunk of bytes) {
        count(chunk);
        yield chunk;
      }
      // From here on only the answer is waited for.
      if (told < sent) tell(clock.monotonic());
    },
  };
};
