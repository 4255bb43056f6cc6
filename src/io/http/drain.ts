/** What may lie in buffers on the way, ours and the server's, after all was handed over. */
const LARGEST_BUFFERS = 8 * 1024 ** 2;

/** A line of which nothing is known yet may be this slow, in bytes a second. */
const SLOWEST_UNKNOWN = 50_000;

/** A body that is answered late may take this much longer than the rate so far says. */
const MARGIN = 2;

/** How long what was handed over may still be under way to the server, by what bodies took before. */
export type Drain = {
  /** A body was answered: its bytes arrived, all buffers included. */
  arrived(bytes: number, ms: number): void;
  msFor(bytes: number): number;
};

export const createDrain = (): Drain => {
  let bytesPerMs = SLOWEST_UNKNOWN / 1000;
  let margin = 1;
  return {
    arrived: (bytes, ms) => {
      bytesPerMs = bytes / Math.max(1, ms);
      margin = MARGIN;
    },
    msFor: bytes => (margin * Math.min(bytes, LARGEST_BUFFERS)) / bytesPerMs,
  };
};
