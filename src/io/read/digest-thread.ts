import type { Worker } from 'node:worker_threads';
import { checkFailed } from '../../core/errors/check-failed.ts';
import type { CheckReport } from '../../core/model/check.ts';
import type { PartChecksum } from '../../core/model/checksum.ts';
import { bytesOf } from '../../core/model/part.ts';
import type { Pass, PassDigest } from '../../core/ports.ts';
import type { Arrival } from './arrival.ts';
import { type Barrier, createBarrier, raise } from './byte-limit.ts';
import type { LoadCheck } from './checking.ts';
import { hashedInThreadsAtOnce } from './descriptors.ts';
import { digestInline, INLINE_BYTES } from './digest-inline.ts';
import { READ_BYTES } from './digest-pass.ts';
import type { DigestNews, DigestTask } from './digest-program.ts';
import { createRing } from './ring.ts';
import { endedEarly } from './source-errors.ts';
import { startThread } from './thread.ts';

/** The programs of the threads. */
export type DigestPrograms = { readonly pass: URL; readonly md5: URL };

/** Digests passes over open descriptors, wherever that runs best. */
export type Digester = {
  /** Starts what a pass over so many bytes, with an md5, will need: threads take a while. */
  prepare(bytes: number): void;
  /** Waits for what still arrives. */
  digest(descriptor: number, pass: Pass, signal: AbortSignal, arrival: Arrival | undefined): Promise<PassDigest>;
  /** Ends what was prepared and not needed. */
  close(): void;
};

/** Reads that may lie before the md5. */
const SLOTS = 4;

/** Digests large files in threads of their own, because md5 must share its core neither with sending nor with reading. */
export const createDigester = (programs: DigestPrograms, loadCheck: LoadCheck): Digester => {
  let ready: Threads | undefined;
  let busy = 0;
  const forget = (): void => {
    ready = undefined;
  };
  const mayStart = (bytes: number): boolean => bytes > INLINE_BYTES && busy < hashedInThreadsAtOnce();
  const take = (md5: boolean): Threads => {
    const threads = (md5 && ready) || startThreads(programs, md5);
    if (threads === ready) forget();
    return threads;
  };
  return {
    prepare: bytes => {
      if (mayStart(bytes)) ready ??= idle(startThreads(programs, true), forget);
    },
    digest: async (descriptor, pass, signal, arrival) => {
      if (!mayStart(bytesOf(pass.parts))) return digestInline(descriptor, pass, signal, arrival, loadCheck);
      busy += 1;
      try {
        return await digestInThreads(() => take(pass.md5), descriptor, pass, signal, arrival);
      } finally {
        busy -= 1;
      }
    },
    close: () => {
      for (const thread of ready ?? []) void thread.terminate();
      forget();
    },
  };
};

/** One that reads, and one that makes the md5 of what was read if there is one; they wait for their tasks. */
type Threads = readonly [pass: Worker, ...md5: Worker[]];

const startThreads = ({ pass, md5 }: DigestPrograms, withMd5: boolean): Threads =>
  withMd5 ? [startThread(pass), startThread(md5)] : [startThread(pass)];

/** Does not keep the process alive. One that cannot start is forgotten: the pass that needs it gets the error. */
const idle = (threads: Threads, onError: () => void): Threads => {
  for (const thread of threads) thread.once('error', onError).unref();
  return threads;
};

async function digestInThreads(
  take: () => Threads,
  descriptor: number,
  pass: Pass,
  signal: AbortSignal,
  arrival: Arrival | undefined,
): Promise<PassDigest> {
  signal.throwIfAborted();
  const ring = pass.md5 ? createRing(SLOTS, READ_BYTES) : undefined;
  const barrier = arrival && raisedBy(arrival, pass, signal);
  const threads = take();
  const [passing, hashing] = threads;
  passing.postMessage({
    descriptor,
    parts: pass.parts,
    checksum: pass.checksum,
    check: pass.check,
    ring,
    barrier,
  } satisfies DigestTask);
  hashing?.postMessage(ring);
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

const collect = (
  threads: readonly Worker[],
  { md5, onPart, onProgress }: Pass,
  signal: AbortSignal,
): Promise<PassDigest> =>
  new Promise((resolve, reject) => {
    const parts = new Map<number, PartChecksum>();
    let passed = false;
    let whole: string | undefined;
    let check: CheckReport | undefined;
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
      else if ('invalid' in news) settle(() => reject(checkFailed(news.invalid)));
      else if ('md5' in news) whole = news.md5;
      else {
        passed = true;
        check = news.check;
      }
      if (passed && (whole !== undefined || !md5)) settle(() => resolve({ md5: whole, parts, check }));
    };
    for (const thread of threads) {
      thread.on('error', error => settle(() => reject(error))).on('message', hear);
      thread.ref();
    }
  });
