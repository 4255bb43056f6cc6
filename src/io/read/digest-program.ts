import { readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { CheckReport, CheckRequest, StartCheck } from '../../core/model/check.ts';
import type { ChecksumKind } from '../../core/model/checksum.ts';
import type { Part } from '../../core/model/part.ts';
import { type Barrier, waitAt } from './byte-limit.ts';
import { isOver, type LoadCheck } from './checking.ts';
import { loadChecksums, type StartChecksum } from './checksum.ts';
import { READ_BYTES, readsOf, startDigest } from './digest-pass.ts';
import { type Ring, type RingWriter, ringWriter } from './ring.ts';

/** What the thread is given. The descriptor is the process's: the thread reads the very file that is sent. */
export type DigestTask = {
  readonly descriptor: number;
  readonly parts: readonly Part[];
  readonly checksum: ChecksumKind;
  readonly check: CheckRequest | undefined;
  /** The md5 of the whole is made by this thread, by another one that takes the bytes through the ring, or not at all. */
  readonly md5: 'here' | Ring | undefined;
  /** Raised as parts arrive, where they still do. */
  readonly barrier: Barrier | undefined;
};

/** What the threads tell. `endedAt`: the file ended before the part did. */
export type DigestNews =
  | { readonly part: number; readonly digest: string }
  | { readonly hashed: number }
  | { readonly endedAt: number }
  /** An error that ends the pass. */
  | { readonly invalid: CheckReport }
  | { readonly passed: true; readonly check: CheckReport | undefined; readonly md5: string | undefined }
  | { readonly md5: string };

const PROGRESS_BYTES = 64 * 1024 * 1024;

const tell = (news: DigestNews): void => parentPort?.postMessage(news);

/** Reads all parts, until the file ends, and digests them. */
function pass({ descriptor, parts, checksum, md5, barrier, check: request }: DigestTask, start: Started): void {
  const check = request && start.check?.(request);
  const state = startDigest(() => start.checksum(checksum), { md5: md5 === 'here', check });
  const writer = typeof md5 === 'object' ? ringWriter(md5) : oneBuffer();
  let read = 0;
  for (const part of parts) {
    if (barrier) waitAt(barrier, part.offset + part.size);
    for (const { position, length } of readsOf(part, READ_BYTES)) {
      const slot = writer.slot();
      if (!readFully(descriptor, slot, length, position)) {
        tell({ endedAt: position });
        return;
      }
      writer.fill(length);
      state.take(slot.subarray(0, length));
      if (check && isOver(check, request)) {
        tell({ invalid: check.report() });
        return;
      }
      read += length;
      if (read % PROGRESS_BYTES < length) tell({ hashed: read });
    }
    tell({ part: part.number, digest: state.endPart() });
  }
  writer.slot();
  writer.fill(0);
  const report = check?.end();
  tell(report && isOver(check, request) ? { invalid: report } : { passed: true, check: report, md5: state.md5() });
}

/** No other thread reads the bytes. */
function oneBuffer(): Pick<RingWriter, 'slot' | 'fill'> {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  return { slot: () => buffer, fill: () => {} };
}

function readFully(descriptor: number, buffer: Uint8Array, length: number, position: number): boolean {
  for (let got = 0; got < length; ) {
    const bytes = readSync(descriptor, buffer, got, length - got, position + got);
    if (bytes === 0) return false;
    got += bytes;
  }
  return true;
}

type Started = { readonly checksum: StartChecksum; readonly check: StartCheck | undefined };

/** The program of the thread: one pass, when its task comes. */
export const serveDigest = (loadCheck: LoadCheck): void => {
  const checksum = loadChecksums();
  parentPort?.once('message', async (task: DigestTask) =>
    pass(task, { checksum: await checksum, check: task.check && (await loadCheck()) }),
  );
};
