import { getSystemErrorMap } from 'node:util';
import type { ChecksumKind } from '../../core/model/checksum.ts';
import type { Part } from '../../core/model/part.ts';
import type { Reading } from '../../core/ports.ts';
import { createLiveRanges, type LiveRange, type LiveRanges } from './live-ranges.ts';
import { endedEarly, unreadable } from './source-errors.ts';
import { startThread } from './thread.ts';

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
  const poke = (): void => {
    Atomics.add(activity, 0, 1);
    Atomics.notify(activity, 0);
  };
  const ranges = createLiveRanges(worker, poke);
  return {
    read: (descriptor, range, checksum, path) => {
      let begun: LiveRange | undefined;
      // Not before its first byte is read: a range that is never read would never end.
      const open = (): LiveRange => {
        begun = ranges.begin(descriptor, range, checksum);
        return begun;
      };
      return { bytes: bytesOf(open, ranges, poke, path), digest: () => (begun ? textIn(begun.task.digest) : '') };
    },
    settled: ranges.settled,
    close: () => worker.terminate(),
  };
};

async function* bytesOf(
  open: () => LiveRange,
  ranges: LiveRanges,
  poke: () => void,
  path: string,
): AsyncGenerator<Uint8Array> {
  const range = open();
  const { offset, size } = range.task.range;
  try {
    for (let position = offset; position < offset + size; ) {
      position += await nextLength(range, ranges, path, position);
      yield range.reader.bytes;
      range.reader.empty();
      poke();
    }
    // Of a range that is given up a chunk may still be on its way to the kernel.
    ranges.recycle(range);
  } finally {
    ranges.giveUp(range);
  }
}

/** A length that is good to read on from. */
async function nextLength(
  { reader }: LiveRange,
  { failure }: LiveRanges,
  path: string,
  position: number,
): Promise<number> {
  let isFilled = false;
  while (!failure() && !isFilled) isFilled = await reader.filled();
  const failed = failure();
  if (failed) throw failed;
  if (reader.length > 0) return reader.length;
  throw reader.length === 0 ? endedEarly(path, position) : readError(path, reader.length);
}

const textIn = (memory: SharedArrayBuffer): string => Buffer.from(memory).toString('latin1').replaceAll('\0', '');

const readError = (path: string, errno: number) => {
  const [code, message] = getSystemErrorMap().get(errno) ?? [`error ${-errno}`, 'unknown'];
  return unreadable(path, Object.assign(new Error(`${code}: ${message}, read`), { code }));
};
