import { setImmediate } from 'node:timers/promises';
import { RequestError, type RequestFailure } from '../../src/core/errors/request-error.ts';
import type { TransferEvent } from '../../src/core/events/events.ts';
import type { ApiFile } from '../../src/core/model/api.ts';
import type { Clock, Limit, Locks, UploadsApi } from '../../src/core/ports.ts';
import { loadChecksums, preferredChecksum } from '../../src/io/read/checksum.ts';
import { createReader } from '../../src/io/read/file-reader.ts';
import { openFileSource } from '../../src/io/source/file-source.ts';
import { createSlots } from '../../src/transfer/parts/slots.ts';
import { createRequests } from '../../src/transfer/requests/requests.ts';
import type { FileRun } from '../../src/transfer/run.ts';
import { savedIn } from './saved.ts';

export type SleepersClock = Clock & {
  readonly sleeps: readonly number[];
  pass(ms: number): void;
  /** Sets the wall clock this much ahead, or back. */
  jump(ms: number): void;
};

/** Time that passes only when everybody sleeps: then to the next instant somebody waits for. */
export function virtualClock(startMs = 1_700_000_000_000): SleepersClock {
  let nowMs = 0;
  let wallMs = startMs;
  let waking = false;
  const sleeps: number[] = [];
  const sleepers = new Set<{ readonly atMs: number; wake(): void }>();

  // A few turns of the loop, so that whatever is not asleep has come as far as it can.
  const wakeNext = async (): Promise<void> => {
    if (waking) return;
    waking = true;
    while (sleepers.size > 0) {
      for (let turn = 0; turn < 5; turn += 1) await setImmediate();
      const [next] = [...sleepers].sort((a, b) => a.atMs - b.atMs);
      if (!next) break;
      nowMs = Math.max(nowMs, next.atMs);
      sleepers.delete(next);
      next.wake();
    }
    waking = false;
  };

  return {
    sleeps,
    now: () => wallMs + nowMs,
    monotonic: () => nowMs,
    pass: ms => {
      nowMs += ms;
    },
    jump: ms => {
      wallMs += ms;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        sleeps.push(ms);
        const sleeper = { atMs: nowMs + ms, wake: resolve };
        sleepers.add(sleeper);
        signal.addEventListener('abort', () => sleepers.delete(sleeper) && reject(signal.reason), { once: true });
        void wakeNext();
      }),
  };
}

/** A failed attempt; a 503 to a part unless told. */
export const failed = (failure: Partial<RequestFailure> = {}): RequestError =>
  new RequestError({
    endpoint: 'part',
    kind: 'status',
    reason: `http-${failure.status ?? 503}`,
    message: 'it did not work',
    status: 503,
    retryable: true,
    mayBeDone: false,
    ...failure,
  });

/** A definite no. */
export const refused = (endpoint: RequestFailure['endpoint'], status: number): RequestError =>
  failed({ endpoint, status, retryable: false });

/** The connection broke after all was handed over. */
export const lost = (endpoint: RequestFailure['endpoint']): RequestError =>
  failed({ endpoint, kind: 'connection', status: undefined, reason: 'connection-reset', mayBeDone: true });

/** An API of which a test scripts what it needs; anything else that is called is a mistake. */
export function scriptedApi(script: Partial<UploadsApi>): UploadsApi {
  const unexpected = (name: string) => (): never => {
    throw new Error(`${name} was not expected`);
  };
  return {
    create: unexpected('create'),
    addPart: unexpected('addPart'),
    complete: unexpected('complete'),
    cancel: unexpected('cancel'),
    poll: unexpected('poll'),
    files: unexpected('files'),
    file: unexpected('file'),
    content: unexpected('content'),
    now: Date.now,
    roundTripMs: () => undefined,
    classic: () => undefined,
    useClassic: unexpected('useClassic'),
    ...script,
  };
}

/** Answers in turn; the last one again and again. What is an error is thrown. */
export function inTurn<T>(...answers: readonly (T | Error)[]): () => Promise<T> {
  let turn = 0;
  return async () => {
    const answer = answers[Math.min(turn, answers.length - 1)] as T | Error;
    turn += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  };
}

export const apiFile = (fields: Partial<ApiFile> = {}): ApiFile => ({ id: 'file-1', object: 'file', ...fields });

export const freeLocks: Locks = { acquire: async () => async () => {} };

export const noLimit: Limit = Object.assign(<T>(effect: () => Promise<T>) => effect(), { concurrency: 64 });

const none = new URL('file:///none');
const noThreads = { pass: none, md5: none, range: none };

const noCheck = () => Promise.reject(new Error('no check was expected'));

/** Everything that one file's push needs, on a state folder and a scripted API. */
export function fileRun(stateDir: string, api: Partial<UploadsApi>, over: Partial<FileRun> = {}) {
  const events: TransferEvent[] = [];
  const clock = virtualClock();
  const run: FileRun = {
    api: scriptedApi(api),
    manifests: savedIn(stateDir),
    ledger: { find: async () => [], add: async () => {} },
    locks: freeLocks,
    requests: createRequests({ retries: 3, clock, random: () => 1 }),
    slots: createSlots(noLimit).forFile(),
    clock,
    loadCheck: noCheck,
    checksums: { preferred: preferredChecksum, start: async kind => (await loadChecksums())(kind) },
    openSource: path => openFileSource(path, createReader(noThreads, noCheck).readFile),
    emit: event => void events.push(event),
    ...over,
  };
  return { run, events, clock };
}
