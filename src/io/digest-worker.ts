import { readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { Part } from '../core/part.ts';
import { readsOf, startDigest } from './digest-pass.ts';

/** What the thread is started with. The descriptor is the process's: the thread reads the very file that is sent. */
export type DigestTask = { readonly descriptor: number; readonly parts: readonly Part[]; readonly md5: boolean };

/** What the thread tells. `endedAt`: the file ended before the part did. */
export type DigestNews =
  | { readonly part: number; readonly digest: string }
  | { readonly hashed: number }
  | { readonly md5: string | undefined }
  | { readonly endedAt: number };

const READ_BYTES = 512 * 1024;
const PROGRESS_BYTES = 64 * 1024 * 1024;

const tell = (news: DigestNews): void => parentPort?.postMessage(news);

/** Reads and digests all parts, until the file ends. */
function pass({ descriptor, parts, md5 }: DigestTask): void {
  const state = startDigest(md5);
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  let hashed = 0;
  for (const part of parts) {
    for (const { position, length } of readsOf(part, READ_BYTES)) {
      if (!readFully(descriptor, buffer, length, position)) {
        tell({ endedAt: position });
        return;
      }
      state.take(buffer.subarray(0, length));
      hashed += length;
      if (hashed % PROGRESS_BYTES < length) tell({ hashed });
    }
    tell({ part: part.number, digest: state.endPart() });
  }
  tell({ md5: state.md5() });
}

function readFully(descriptor: number, buffer: Uint8Array, length: number, position: number): boolean {
  for (let got = 0; got < length; ) {
    const bytes = readSync(descriptor, buffer, got, length - got, position + got);
    if (bytes === 0) return false;
    got += bytes;
  }
  return true;
}

pass(workerData as DigestTask);
