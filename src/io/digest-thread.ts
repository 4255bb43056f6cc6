import { read } from 'node:fs';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { PartDigest } from '../core/part.ts';
import { bytesOf } from '../core/part.ts';
import type { Pass, PassDigest } from '../core/ports.ts';
import type { Arrival } from './arrival.ts';
import { type Barrier, createBarrier, raise } from './barrier.ts';
import { readsOf, startDigest } from './digest-pass.ts';
import type { DigestNews, DigestTask } from './digest-worker.ts';
import { type DigestDescriptor, endedEarly } from './file-source.ts';
import { createRing, type Ring } from './ring.ts';

/** Below this a thread costs more than it gains. */
const INLINE_BYTES = 4 * 1024 * 1024;

/** The programs of the threads. */
export type DigestPrograms = { readonly pass: URL; readonly md5: URL };

/** Digests large files in threads of their own, because md5 must share its core neither with sending nor with reading. */
export const createDigester =
  (programs: DigestPrograms): DigestDescriptor =>
  (descriptor, pass, signal, arrival) =>
    bytesOf(pass.parts) <= INLINE_BYTES
      ? digestInline(descriptor, pass, signal, arrival)
      : digestInThreads(programs, descriptor, pass, signal, arrival);

async function digestInThreads(
  programs: DigestPrograms,
  descriptor: number,
  pass: Pass,
  signal: AbortSignal,
  arrival: Arrival | undefined,
): Promise<PassDigest> {
  signal.throwIfAborted();
  const ring = pass.md5 ? createRing() : undefined;
  const barrier = arrival && raisedBy(arrival, pass, signal);
  const task: DigestTask = { descriptor, parts: pass.parts, ring, barrier };
  const threads = [startThread(programs.pass, task), ...(ring ? [startThread(programs.md5, ring)] : [])];
  try {
    return await collect(threads, pass, signal);
  } finally {
    // The descriptor may be closed after this: no thread reads any more.
    await Promise.all(threads.map(thread => thread.terminate()));
  }
}

/** A part at a time: to wake a thread for every chunk would cost more than what the thread does. */
const raisedBy = (arrival: Arrival, { parts }: Pass, signal: AbortSignal): Barrier => {
  const barrier = createBarrier();
  const follow = async (): Promise<void> => {
    for (const { offset, size } of parts) {
      await arrival.reached(offset + size, signal);
      raise(barrier, offset + size);
    }
  };
  // It fails only together with the pass.
  follow().catch(() => {});
  return barrier;
};

const startThread = (program: URL, workerData: DigestTask | Ring): Worker =>
  new Worker(program, { workerData, resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 } });

const collect = (
  threads: readonly Worker[],
  { md5, onPart, onProgress }: Pass,
  signal: AbortSignal,
): Promise<PassDigest> =>
  new Promise((resolve, reject) => {
    const parts = new Map<number, PartDigest>();
    let passed = false;
    let whole: string | undefined;
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const settle = (finish: () => void): void => {
      signal.removeEventListener('abort', abort);
      finish();
    };
    const hear = (news: DigestNews): void => {
      if (signal.aborted) return;
      if ('hashed' in news) onProgress?.(news.hashed);
      else if ('part' in news) {
        parts.set(news.part, news.digest);
        onPart?.(news.part, news.digest);
      } else if ('endedAt' in news) settle(() => reject(endedEarly('the file', news.endedAt)));
      else if ('md5' in news) whole = news.md5;
      else passed = true;
      if (passed && (whole !== undefined || !md5)) settle(() => resolve({ md5: whole, parts }));
    };
    for (const thread of threads) thread.on('error', error => settle(() => reject(error))).on('message', hear);
  });

const readAt = promisify(read);

async function digestInline(
  descriptor: number,
  { parts, md5, onPart, onProgress }: Pass,
  signal: AbortSignal,
  arrival: Arrival | undefined,
): Promise<PassDigest> {
  const state = startDigest(md5);
  const digests = new Map<number, PartDigest>();
  const buffer = Buffer.allocUnsafeSlow(Math.min(INLINE_BYTES, 256 * 1024));
  for (const part of parts) {
    await arrival?.reached(part.offset + part.size, signal);
    for (const { position, length } of readsOf(part, buffer.length)) {
      signal.throwIfAborted();
      const { bytesRead } = await readAt(descriptor, buffer, 0, length, position);
      if (bytesRead < length) throw endedEarly('the file', position + bytesRead);
      state.take(buffer.subarray(0, length));
    }
    const digest = state.endPart();
    digests.set(part.number, digest);
    onPart?.(part.number, digest);
  }
  onProgress?.(bytesOf(parts));
  return { md5: state.md5(), parts: digests };
}
