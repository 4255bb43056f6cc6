import { readSync } from 'node:fs';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { loadChecksums, type StartChecksum } from './checksum.ts';
import { type Activity, GIVEN_UP, OVER, type RangeTask } from './range-task.ts';
import { ringWriter } from './ring.ts';

type Range = { readonly isOver: boolean; step(): boolean };

/** A step reads one slot full, where there is room; whether it did. */
const beginRange = (
  { descriptor, range, checksum: kind, ring, state, digest }: RangeTask,
  start: StartChecksum,
): Range => {
  const notes = new Int32Array(state);
  const writer = ringWriter(ring);
  const checksum = start(kind);
  const end = range.offset + range.size;
  let position = range.offset;
  let isOver = false;
  const stop = (): true => {
    isOver = true;
    Atomics.store(notes, OVER, 1);
    Atomics.notify(notes, OVER);
    return true;
  };
  return {
    get isOver() {
      return isOver;
    },
    step: () => {
      if (Atomics.load(notes, GIVEN_UP)) return stop();
      if (!writer.isReady()) return false;
      const slot = writer.slot();
      const length = readSome(descriptor, slot, Math.min(slot.length, end - position), position);
      if (length > 0) checksum.update(slot.subarray(0, length));
      position += length;
      // Before the last slot is seen: then the checksum is read.
      if (position === end) Buffer.from(digest).write(checksum.digest(), 'latin1');
      writer.fill(length);
      return length > 0 && position < end ? true : stop();
    },
  };
};

function readSome(descriptor: number, buffer: Uint8Array, length: number, position: number): number {
  try {
    return readSync(descriptor, buffer, 0, length, position);
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    return errno;
  }
}

/** Reads all ranges in turn, ahead of the thread that sends. It runs until it is terminated. */
async function serve(port: MessagePort): Promise<void> {
  const activity = new Int32Array(workerData as Activity);
  const start = await loadChecksums();
  let ranges: Range[] = [];
  for (;;) {
    const before = Atomics.load(activity, 0);
    for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port))
      ranges.push(beginRange(got.message as RangeTask, start));
    let didRead = false;
    for (const range of ranges) didRead = range.step() || didRead;
    ranges = ranges.filter(({ isOver }) => !isOver);
    if (!didRead) Atomics.wait(activity, 0, before);
  }
}

if (parentPort) void serve(parentPort);
