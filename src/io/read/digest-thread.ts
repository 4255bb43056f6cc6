import type { Worker } from 'node:worker_threads';
import { checkFailed } from '../../core/errors/check-failed.ts';
import type { CheckReport } from '../../core/model/check.ts';
import type { PartChecksum } from '../../core/model/checksum.ts';
import { bytesOf } from '../../core/model/part.ts';
import type { Pass, PassDigest, PassWork } from '../../core/ports.ts';
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
  /** Starts what a pass over so many bytes will need: threads take a while. */
  prepare(bytes: number, work: PassWork): void;
  /** Waits for what still arrives. */
  digest(descriptor: number, pass: Pass, signal: AbortSignal, arrival: Arrival | undefined): Promise<PassDigest>;
  /** Ends what was prepared and not needed. */
  close(): void;
};

/** Reads that may lie before the md5. */
const SLOTS = 16;

/**
 * Digests large files in threads of their own, because md5 must not share its core with sending. It shares the thread that
 * reads: what was just read is in that core's cache. The check of the lines takes as long as md5 does, so beside one md5
 * has a second thread.
 */
export const createDigester = (programs: DigestPrograms, loadCheck: LoadCheck): Digester => {
  let ready: Threads | undefined;
  let busy = 0;
  const forget = (): void => {
    ready = undefined;
  };
  const mayStart = (bytes: number): boolean => bytes > INLINE_BYTES && busy < hashedInThreadsAtOnce();
  const take = (work: PassWork): Threads => {
    const threads = ready ?? startThreads(programs, work);
    forget();
    return threads;
  };
  return {
    prepare: (bytes, work) => {
      if (mayStart(bytes)) ready ??= idle(startThreads(programs, work), forget);
    },
    digest: async (descriptor, pass, signal, arrival) => {
      if (!mayStart(bytesOf(pass.parts))) return digestInline(descriptor, pass, signal, arrival, loadCheck);
      busy += 1;
      try {
        return await digestInThreads(() => take(pass), descriptor, pass, signal, arrival);
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

/** One that reads, and one for the md5 beside a check or where a core is free; they wait for their tasks. */
type Threads = readonly [pass: Worker, ...md5: Worker[]];

const startThreads = (programs: DigestPrograms, { md5, check, resumes }: PassWork): Threads =>
  md5 && (check || resumes) ? [startThread(programs.pass), startThread(programs.md5)] : [startThread(programs.pass)];

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
  const barrier = arrival && raisedBy(arrival, pass, signal);
  const threads = take();
  const [passing, hashing] = threads;
  const ring = pass.md5 && hashing ? createRing(SLOTS, READ_BYTES) : undefined;
  passing.postMessage({
    descriptor,
    parts: pass.parts,
    checksum: pass.checksum,
    check: pass.check,
    md5: ring ?? (pass.md5 ? 'here' : undefined),
    barrier,
  } satisfies DigestTask);
  if (ring) hashing?.postMessage(ring);
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
    let passed: boolean = false;
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
      else {
        whole ??= news.md5;
        if ('passed' in news) ({ passed, check } = news);
      }
      if (passed && (whole !== undefined || !md5)) settle(() => resolve({ md5: whole, parts, check }));
    };
    for (const thread of threads) {
      thread.on('error', error => settle(() => reject(error))).on('message', hear);
      thread.ref();
    }
  });
