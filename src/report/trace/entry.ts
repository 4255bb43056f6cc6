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
  /** An instant of the lane or of the whole process. */
  readonly s?: 't' | 'p';
  readonly args?: Readonly<Record<string, unknown>>;
};

type Args = NonNullable<TraceEntry['args']>;

/** What belongs to no part is drawn here. */
export const RUN_LANE = 0;
const PID = 1;

/** Entries at one instant. */
export const entriesAt = (atMs: number) => {
  const base = (lane: number, ms = atMs) => ({ ts: Math.round(ms * 1000), pid: PID, tid: lane });
  return {
    begin: (lane: number, name: string, args: Args): TraceEntry => ({
      ph: 'B',
      name,
      cat: 'part',
      ...base(lane),
      args,
    }),
    end: (lane: number, name: string, args: Args): TraceEntry => ({ ph: 'E', name, cat: 'part', ...base(lane), args }),
    beginSpan: (cat: string, id: number, name: string, args: Args): TraceEntry => ({
      ph: 'b',
      name,
      cat,
      id,
      ...base(RUN_LANE),
      args,
    }),
    endSpan: (cat: string, id: number, name: string, inMs = 0): TraceEntry => ({
      ph: 'e',
      name,
      cat,
      id,
      ...base(RUN_LANE, atMs + inMs),
    }),
    instant: (name: string, args: Args, lane = RUN_LANE): TraceEntry => ({
      ph: 'i',
      name,
      cat: 'note',
      s: lane === RUN_LANE ? 'p' : 't',
      ...base(lane),
      args,
    }),
    counter: (name: string, args: Readonly<Record<string, number>>): TraceEntry => ({
      ph: 'C',
      name,
      ...base(RUN_LANE),
      args,
    }),
    laneName: (lane: number, name: string): TraceEntry => ({
      ph: 'M',
      name: 'thread_name',
      ...base(lane),
      args: { name },
    }),
    processName: (name: string): TraceEntry => ({ ph: 'M', name: 'process_name', ...base(RUN_LANE), args: { name } }),
  };
};

export type EntriesAt = ReturnType<typeof entriesAt>;
