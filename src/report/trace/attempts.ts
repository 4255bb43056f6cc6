import type { TransferEvent } from '../../core/events/events.ts';
import type { EntriesAt, TraceEntry } from './entry.ts';
import { createThroughput } from './throughput.ts';

type Attempt = { readonly lane: number; readonly name: string; readonly size: number; sent: number };

type Started = Extract<TransferEvent, { readonly type: 'part.started' }>;

/** How an attempt ended. Without `sent` all of it was sent. */
type Ending = { readonly sent?: number; readonly [name: string]: unknown };

/** Attempts in flight: each in the first lane that is free, with the counters that follow from them. */
export const createAttempts = () => {
  const lanes = createLanes();
  const throughput = createThroughput();
  const byKey = new Map<string, Attempt>();

  const inFlight = (at: EntriesAt): TraceEntry => at.counter('parts in flight', { parts: byKey.size });
  const move = (attempt: Attempt, sent: number): void => {
    throughput.add(sent - attempt.sent);
    attempt.sent = sent;
  };
  const begin = (path: string, { part, attempt, size }: Started, at: EntriesAt): readonly TraceEntry[] => {
    const { lane, isNew } = lanes.take();
    const name = attempt === 1 ? `part ${part}` : `part ${part}, attempt ${attempt}`;
    const names = isNew ? [at.laneName(lane, `connection ${lane}`)] : [];
    const pause = byKey.size === 0 ? [throughput.none(at)] : [];
    byKey.set(keyOf(path, part), { lane, name, size, sent: 0 });
    return [...names, ...pause, at.begin(lane, name, { path, part, attempt, bytes: size }), inFlight(at)];
  };
  const progress = (path: string, part: number, sent: number, at: EntriesAt): readonly TraceEntry[] => {
    const attempt = byKey.get(keyOf(path, part));
    if (attempt) move(attempt, sent);
    return throughput.sampled(at);
  };
  const end = (path: string, part: number, { sent, ...args }: Ending, at: EntriesAt): readonly TraceEntry[] => {
    const attempt = byKey.get(keyOf(path, part));
    if (!attempt) return [];
    move(attempt, sent ?? attempt.size);
    lanes.free(attempt.lane);
    byKey.delete(keyOf(path, part));
    const rest = [...throughput.sampled(at), ...(byKey.size === 0 ? [throughput.none(at)] : [])];
    return [at.end(attempt.lane, attempt.name, { sent: attempt.sent, ...args }), ...rest, inFlight(at)];
  };
  return { begin, progress, end };
};

/** Lanes from 1, no more than there were attempts at the same time. */
const createLanes = () => {
  const taken: boolean[] = [];
  return {
    /** The first that is free. */
    take: (): { readonly lane: number; readonly isNew: boolean } => {
      const free = taken.indexOf(false);
      const index = free < 0 ? taken.length : free;
      taken[index] = true;
      return { lane: index + 1, isNew: free < 0 };
    },
    free: (lane: number): void => {
      taken[lane - 1] = false;
    },
  };
};

const keyOf = (path: string, part: number): string => `${part} ${path}`;
