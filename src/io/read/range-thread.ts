import { getSystemErrorMap } from 'node:util';
import type { ChecksumKind } from '../../core/model/checksum.ts';
import type { Part } from '../../core/model/part.ts';
import type { Reading } from '../../core/ports.ts';
import { CHECKSUM_BYTES, GIVEN_UP, OVER, type RangeTask, STATES } from './range-task.ts';
import { changed, createRing, type RingReader, ringReader } from './ring.ts';
import { endedEarly, unreadable } from './source-errors.ts';
import { startThread } from './thread.ts';

/** One is on its way to the kernel while the next one is read. */
const SLOTS = 2;

/** What a chunk costs on its way to the socket is the same for any size; above this nothing is gained. */
const SLOT_BYTES = 1024 * 1024;

/** A thread that reads ranges and makes their digests: both would take time from the thread that sends. */
export type RangeThread = {
  read(descriptor: number, range: Part, checksum: ChecksumKind, path: string): Reading;
  /** Settles when nothing is read from the descriptor any more. */
  settled(descriptor: number): Promise<void>;
  close(): Promise<unknown>;
};

export const startRangeThread = (program: URL): RangeThread => {
  const activity = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = startThread(program, activity.buffer);
  worker.unref();
  const live = new Set<LiveRange>();
  // Memory is used again: what a run frees is not given back at once.
  const idle: SharedArrayBuffer[] = [];
  let failure: Error | undefined;

  const poke = (): void => {
    Atomics.add(activity, 0, 1);
    Atomics.notify(activity, 0);
  };
  const begin = (descriptor: number, range: Part, checksum: ChecksumKind): LiveRange => {
    const task: RangeTask = {
      descriptor,
      range,
      checksum,
      ring: createRing(SLOTS, SLOT_BYTES, idle.pop()),
      state: new SharedArrayBuffer(STATES * Int32Array.BYTES_PER_ELEMENT),
      digest: new SharedArrayBuffer(CHECKSUM_BYTES),
    };
    const begun = { task, state: new Int32Array(task.state), reader: ringReader(task.ring) };
    live.add(begun);
    worker.ref();
    worker.postMessage(task);
    poke();
    return begun;
  };
  const over = async (range: LiveRange): Promise<void> => {
    while (!failure && Atomics.load(range.state, OVER) === 0) await changed(range.state, OVER, 0);
    live.delete(range);
    if (live.size === 0) worker.unref();
  };
  const fail = (error: Error): void => {
    failure ??= error;
    for (const { state, reader } of live) {
      reader.wake();
      Atomics.notify(state, OVER);
    }
  };
  worker.on('error', fail).on('exit', () => fail(new Error('the thread that reads has ended')));

  /** A length that is good to read on from. */
  const nextLength = async ({ reader }: LiveRange, path: string, position: number): Promise<number> => {
    let isFilled = false;
    while (!failure && !isFilled) isFilled = await reader.filled();
    if (failure) throw failure;
    if (reader.length > 0) return reader.length;
    throw reader.length === 0 ? endedEarly(path, position) : readError(path, reader.length);
  };
  async function* bytesOf(open: () => LiveRange, path: string): AsyncGenerator<Uint8Array> {
    const range = open();
    const { task, state, reader } = range;
    const end = task.range.offset + task.range.size;
    try {
      for (let position = task.range.offset; position < end; ) {
        position += await nextLength(range, path, position);
        yield reader.bytes;
        reader.empty();
        poke();
      }
      // Of a range that is given up a chunk may still be on its way to the kernel.
      idle.push(task.ring.slots);
    } finally {
      Atomics.store(state, GIVEN_UP, 1);
      poke();
      void over(range);
    }
  }

  return {
    read: (descriptor, range, checksum, path) => {
      let begun: LiveRange | undefined;
      // Not before its first byte is read: a range that is never read would never end.
      const open = (): LiveRange => {
        begun = begin(descriptor, range, checksum);
        return begun;
      };
      return { bytes: bytesOf(open, path), digest: () => (begun ? textIn(begun.task.digest) : '') };
    },
    settled: async descriptor => {
      await Promise.all([...live].filter(({ task }) => task.descriptor === descriptor).map(over));
    },
    close: () => worker.terminate(),
  };
};

type LiveRange = { readonly task: RangeTask; readonly state: Int32Array; readonly reader: RingReader };

const textIn = (memory: SharedArrayBuffer): string => Buffer.from(memory).toString('latin1').replaceAll('\0', '');

const readError = (path: string, errno: number) => {
  const [code, message] = getSystemErrorMap().get(errno) ?? [`error ${-errno}`, 'unknown'];
  return unreadable(path, Object.assign(new Error(`${code}: ${message}, read`), { code }));
};
