/**
 * One entry of the Trace Event Format: B and E are the ends of a slice in a lane, b and e those of one that may overlap
 * others, i an instant, C counters, M a name. Times are microseconds.
 */
export type TraceEntry = {
  readonly ph: 'B' | 'E' | 'b' | 'e' | 'i' | 'C' | 'M';
  readonly name: string;
  readonly cat?: string;
  readonly ts: number;
  readonly pid: number;
  readonly tid: number;
  readonly id?: number;
  /** An instant of the whole process. */
  readonly s?: 'p';
  readonly args?: Readonly<Record<string, unknown>>;
};

type Args = NonNullable<TraceEntry['args']>;

/** What belongs to no part is drawn here. */
const RUN_LANE = 0;
const PID = 1;

/** Entries at one instant, in milliseconds from the start of the run. */
export const entriesAt = (atMs: number) => {
  const entry = (ph: TraceEntry['ph'], name: string, more: More): TraceEntry => {
    const { lane = RUN_LANE, inMs = 0, ...rest } = more;
    return { ph, name, ts: Math.round((atMs + inMs) * 1000), pid: PID, tid: lane, ...rest };
  };
  return {
    atMs,
    begin: (lane: number, name: string, args: Args) => entry('B', name, { cat: 'part', lane, args }),
    end: (lane: number, name: string, args: Args) => entry('E', name, { cat: 'part', lane, args }),
    beginSpan: (cat: string, id: number, name: string, args: Args) => entry('b', name, { cat, id, args }),
    endSpan: (cat: string, id: number, name: string, inMs = 0) => entry('e', name, { cat, id, inMs }),
    instant: (name: string, args: Args) => entry('i', name, { cat: 'note', s: 'p', args }),
    counter: (name: string, args: Readonly<Record<string, number>>) => entry('C', name, { args }),
    laneName: (lane: number, name: string) => entry('M', 'thread_name', { lane, args: { name } }),
    processName: (name: string) => entry('M', 'process_name', { args: { name } }),
  };
};

/** What an entry has besides its kind and name: the run's lane and the present instant where it is not said. */
type More = Pick<TraceEntry, 'cat' | 'id' | 's' | 'args'> & { readonly lane?: number; readonly inMs?: number };

export type EntriesAt = ReturnType<typeof entriesAt>;
