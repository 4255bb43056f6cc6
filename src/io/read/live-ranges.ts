import type { Worker } from 'node:worker_threads';
import type { ChecksumKind } from '../../core/model/checksum.ts';
import type { Part } from '../../core/model/part.ts';
import { CHECKSUM_BYTES, GIVEN_UP, OVER, type RangeTask, STATES } from './range-task.ts';
import { changed, createRing, type RingReader, ringReader } from './ring.ts';

/** One is on its way to the kernel while the next one is read. */
const SLOTS = 2;

/** What a chunk costs on its way to the socket is the same for any size; above this nothing is gained. */
const SLOT_BYTES = 1024 * 1024;

/** A range that the thread reads. */
export type LiveRange = { readonly task: RangeTask; readonly state: Int32Array; readonly reader: RingReader };

/** The ranges that a thread reads now; it keeps the process alive as long as there are any. */
export type LiveRanges = {
  begin(descriptor: number, range: Part, checksum: ChecksumKind): LiveRange;
  /** Nothing more of it is wanted; it is over once the thread has seen that. */
  giveUp(range: LiveRange): void;
  /** Its memory may hold another range. */
  recycle(range: LiveRange): void;
  /** Settles when nothing is read from the descriptor any more. */
  settled(descriptor: number): Promise<void>;
  /** Why the thread reads no more. */
  failure(): Error | undefined;
};

/** `poke` tells the thread that something has changed. */
export const createLiveRanges = (worker: Worker, poke: () => void): LiveRanges => {
  const live = new Set<LiveRange>();
  // Memory is used again: what a run frees is not given back at once.
  const idle: SharedArrayBuffer[] = [];
  let failure: Error | undefined;

  const over = async (range: LiveRange): Promise<void> => {
    while (!failure && Atomics.load(range.state, OVER) === 0) await changed(range.state, OVER, 0);
    live.delete(range);
    if (live.size === 0) worker.unref();
  };
  const fail = (error: Error): void => {
    failure ??= error;
    for (const range of live) wake(range);
  };
  worker.on('error', fail).on('exit', () => fail(new Error('the thread that reads has ended')));
  return {
    begin: (descriptor, range, checksum) => {
      const begun = newRange(descriptor, range, checksum, idle.pop());
      live.add(begun);
      worker.ref();
      worker.postMessage(begun.task);
      poke();
      return begun;
    },
    giveUp: range => {
      Atomics.store(range.state, GIVEN_UP, 1);
      poke();
      void over(range);
    },
    recycle: ({ task }) => void idle.push(task.ring.slots),
    settled: async descriptor => {
      await Promise.all([...live].filter(({ task }) => task.descriptor === descriptor).map(over));
    },
    failure: () => failure,
  };
};

/** What waits for the thread looks again. */
const wake = ({ state, reader }: LiveRange): void => {
  reader.wake();
  Atomics.notify(state, OVER);
};

function newRange(
  descriptor: number,
  range: Part,
  checksum: ChecksumKind,
  memory: SharedArrayBuffer | undefined,
): LiveRange {
  const task: RangeTask = {
    descriptor,
    range,
    checksum,
    ring: createRing(SLOTS, SLOT_BYTES, memory),
    state: new SharedArrayBuffer(STATES * Int32Array.BYTES_PER_ELEMENT),
    digest: new SharedArrayBuffer(CHECKSUM_BYTES),
  };
  return { task, state: new Int32Array(task.state), reader: ringReader(task.ring) };
}
