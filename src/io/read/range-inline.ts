import type { FileHandle } from 'node:fs/promises';
import type { ChecksumKind, RunningChecksum } from '../../core/model/checksum.ts';
import type { Part } from '../../core/model/part.ts';
import type { Reading } from '../../core/ports.ts';
import { loadChecksums } from './checksum.ts';
import { asUnreadable, endedEarly } from './source-errors.ts';

/** One read. Larger reads gain nothing beside an md5, and each range at once costs one. */
const READ_BYTES = 256 * 1024;

/** Reads ranges of a file for this thread, and digests them in it. */
export const rangesInline = (
  file: FileHandle,
  path: string,
): ((range: Part, kind: ChecksumKind | undefined) => Reading) => {
  const idle: Buffer[] = [];
  return (range, kind) => {
    let checksum: RunningChecksum | undefined;
    const digested = async function* (): AsyncGenerator<Uint8Array> {
      checksum = kind && (await loadChecksums())(kind);
      for await (const chunk of readRange(file, range, path, idle)) {
        checksum?.update(chunk);
        yield chunk;
      }
    };
    return { bytes: digested(), digest: () => checksum?.digest() ?? '' };
  };
};

/**
 * One buffer serves the whole range: a caller that reads the next chunk has handed the last one to the kernel. Another range
 * gets it after that; a range that was given up keeps its own, for a read or a write may still be under way.
 */
async function* readRange(
  file: FileHandle,
  { offset, size }: Part,
  path: string,
  idle: Buffer[],
): AsyncGenerator<Uint8Array> {
  const wanted = Math.min(READ_BYTES, size);
  const fitting = idle.findIndex(({ length }) => length >= wanted);
  const buffer = idle.splice(fitting, fitting < 0 ? 0 : 1)[0] ?? Buffer.allocUnsafeSlow(wanted);
  for (let position = offset, end = offset + size; position < end; ) {
    const { bytesRead } = await file
      .read(buffer, 0, Math.min(buffer.length, end - position), position)
      .catch(error => Promise.reject(asUnreadable(path, error)));
    if (bytesRead === 0) throw endedEarly(path, position);
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
  idle.push(buffer);
}
