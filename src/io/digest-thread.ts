import { read } from 'node:fs';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { PartDigest } from '../core/part.ts';
import { bytesOf } from '../core/part.ts';
import type { Pass, PassDigest } from '../core/ports.ts';
import { readsOf, startDigest } from './digest-pass.ts';
import type { DigestNews, DigestTask } from './digest-worker.ts';
import { type DigestDescriptor, endedEarly } from './file-source.ts';

/** Below this a thread costs more than it gains. */
const INLINE_BYTES = 4 * 1024 * 1024;

/** Digests large files in a thread of their own, because md5 must never share the one that sends. */
export const createDigester =
  (workerUrl: URL): DigestDescriptor =>
  (descriptor, pass, signal) =>
    bytesOf(pass.parts) <= INLINE_BYTES
      ? digestInline(descriptor, pass, signal)
      : digestInThread(workerUrl, descriptor, pass, signal);

async function digestInThread(
  workerUrl: URL,
  descriptor: number,
  pass: Pass,
  signal: AbortSignal,
): Promise<PassDigest> {
  signal.throwIfAborted();
  const task: DigestTask = { descriptor, parts: pass.parts, md5: pass.md5 };
  const worker = new Worker(workerUrl, { workerData: task, resourceLimits: { maxOldGenerationSizeMb: 32 } });
  try {
    return await collect(worker, pass, signal);
  } finally {
    // The descriptor may be closed after this: the thread no longer reads.
    await worker.terminate();
  }
}

const collect = (worker: Worker, { onPart, onProgress }: Pass, signal: AbortSignal): Promise<PassDigest> =>
  new Promise((resolve, reject) => {
    const parts = new Map<number, PartDigest>();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const settle = (finish: () => void): void => {
      signal.removeEventListener('abort', abort);
      finish();
    };
    worker.on('error', error => settle(() => reject(error)));
    worker.on('message', (news: DigestNews) => {
      if (signal.aborted) return;
      if ('hashed' in news) onProgress?.(news.hashed);
      else if ('part' in news) {
        parts.set(news.part, news.digest);
        onPart?.(news.part, news.digest);
      } else if ('endedAt' in news) settle(() => reject(endedEarly('the file', news.endedAt)));
      else settle(() => resolve({ md5: news.md5, parts }));
    });
  });

const readAt = promisify(read);

async function digestInline(
  descriptor: number,
  { parts, md5, onPart, onProgress }: Pass,
  signal: AbortSignal,
): Promise<PassDigest> {
  const state = startDigest(md5);
  const digests = new Map<number, PartDigest>();
  const buffer = Buffer.allocUnsafeSlow(Math.min(INLINE_BYTES, 256 * 1024));
  for (const part of parts) {
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
