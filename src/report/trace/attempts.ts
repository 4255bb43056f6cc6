import type { EntriesAt, TraceEntry } from './entry.ts';

type Attempt = { readonly lane: number; readonly name: string; readonly size: number; sent: number };

export type Begun = { readonly path: string; readonly part: number; readonly attempt: number; readonly size: number };

/** Shorter samples are bursts into socket buffers, not a speed. */
const SAMPLE_MS = 100;

/** Attempts in flight: each in the first lane that is free, with the counters that follow from them. */
export const createAttempts = () => {
  const lanes: (Attempt | undefined)[] = [];
  const byKey = new Map<string, Attempt>();
  let named = 0;
  let moved = 0;
  let sample = { atMs: 0, moved: 0 };

  const sampled = (atMs: number, entries: EntriesAt, anyway = false): readonly TraceEntry[] => {
    const ms = atMs - sample.atMs;
    if (ms < SAMPLE_MS && !anyway) return [];
    const rate = anyway ? 0 : (moved - sample.moved) / ms / 1000;
    sample = { atMs, moved };
    return [entries.counter('throughput', { 'MB/s': Number(rate.toFixed(2)) })];
  };
  const inFlight = (entries: EntriesAt): TraceEntry => entries.counter('parts in flight', { parts: byKey.size });
  const move = (attempt: Attempt, sent: number): void => {
    moved += sent - attempt.sent;
    attempt.sent = sent;
  };

  return {
    begin: ({ path, part, attempt, size }: Begun, atMs: number, entries: EntriesAt): readonly TraceEntry[] => {
      const free = lanes.findIndex(taken => !taken);
      const index = free < 0 ? lanes.length : free;
      const name = attempt === 1 ? `part ${part}` : `part ${part}, attempt ${attempt}`;
      const begun = { lane: index + 1, name, size, sent: 0 };
      lanes[index] = begun;
      const names = index + 1 > named ? [entries.laneName(index + 1, `connection ${index + 1}`)] : [];
      named = Math.max(named, index + 1);
      const pause = byKey.size === 0 ? sampled(atMs, entries, true) : [];
      byKey.set(keyOf(path, part), begun);
      return [
        ...names,
        ...pause,
        entries.begin(begun.lane, name, { path, part, attempt, bytes: size }),
        inFlight(entries),
      ];
    },
    progress: (path: string, part: number, sent: number, atMs: number, entries: EntriesAt): readonly TraceEntry[] => {
      const attempt = byKey.get(keyOf(path, part));
      if (attempt) move(attempt, sent);
      return sampled(atMs, entries);
    },
    /** Without `sent` all of it was. */
    end: (
      path: string,
      part: number,
      { sent, ...args }: { readonly sent?: number; readonly [name: string]: unknown },
      atMs: number,
      entries: EntriesAt,
    ): readonly TraceEntry[] => {
      const attempt = byKey.get(keyOf(path, part));
      if (!attempt) return [];
      move(attempt, sent ?? attempt.size);
      lanes[attempt.lane - 1] = undefined;
      byKey.delete(keyOf(path, part));
      const rest =
        byKey.size === 0
          ? [...sampled(atMs, entries), entries.counter('throughput', { 'MB/s': 0 })]
          : sampled(atMs, entries);
      return [entries.end(attempt.lane, attempt.name, { sent: attempt.sent, ...args }), ...rest, inFlight(entries)];
    },
  };
};

const keyOf = (path: string, part: number): string => `${part} ${path}`;
