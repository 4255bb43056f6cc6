import type { Clock } from '../../core/ports.ts';

/** Keeps the whole run at one rate, across all parts and files. */
export type Pace = {
  /** Bytes a second. */
  readonly rate: number;
  /** The bytes in pieces, each when its turn has come. */
  spread(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array>;
};

/** A piece is a twentieth of a second's bytes, so that many connections take turns smoothly. */
const PIECES_A_SECOND = 20;
const LARGEST_PIECE = 64 * 1024;

/** A late timer may be caught up with by so much. */
const SLACK_MS = 200;

/** Waits below this are not worth a timer: they add up in the schedule and are waited for later. */
const SHORTEST_WAIT_MS = 5;

export const createPace = (rate: number, clock: Clock): Pace => {
  const piece = Math.min(LARGEST_PIECE, Math.max(1, Math.floor(rate / PIECES_A_SECOND)));
  let freeAtMs = 0;

  const turn = async (bytes: number, signal: AbortSignal): Promise<void> => {
    const nowMs = clock.monotonic();
    const startsAtMs = Math.max(freeAtMs, nowMs - SLACK_MS);
    freeAtMs = startsAtMs + (bytes * 1000) / rate;
    if (startsAtMs - nowMs >= SHORTEST_WAIT_MS) await clock.sleep(startsAtMs - nowMs, signal);
  };

  return {
    rate,
    async *spread(bytes, signal) {
      for await (const chunk of bytes) {
        for (let start = 0; start < chunk.length; start += piece) {
          const part = chunk.subarray(start, start + piece);
          await turn(part.length, signal);
          yield part;
        }
      }
    },
  };
};
