import type { EntriesAt, TraceEntry } from './entry.ts';

/** Shorter samples are bursts into socket buffers, not a speed. */
const SAMPLE_MS = 100;

/** Bytes that left, as a rate between samples. */
export const createThroughput = () => {
  let moved = 0;
  let sample = { atMs: 0, moved: 0 };
  const rated = (bytesPerMs: number, at: EntriesAt): TraceEntry => {
    sample = { atMs: at.atMs, moved };
    return at.counter('throughput', { 'MB/s': Number((bytesPerMs / 1000).toFixed(2)) });
  };
  return {
    add: (bytes: number): void => {
      moved += bytes;
    },
    /** The rate since the last sample, where that is long enough ago. */
    sampled: (at: EntriesAt): readonly TraceEntry[] => {
      const ms = at.atMs - sample.atMs;
      return ms < SAMPLE_MS ? [] : [rated((moved - sample.moved) / ms, at)];
    },
    /** Nothing is in flight: the next sample begins here. */
    none: (at: EntriesAt): TraceEntry => rated(0, at),
  };
};
