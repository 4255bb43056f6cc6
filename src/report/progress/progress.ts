import type { TransferEvent } from '../../core/events/events.ts';
import { emptyTally, type Tally, tally } from '../../core/events/stats.ts';
import { rateOver, type Sample, sampled } from './rate.ts';

type Stage =
  | 'new'
  | 'reading'
  | 'locked'
  | 'comparing'
  | 'creating'
  | 'sending'
  | 'completing'
  | 'processing'
  | 'done'
  | 'failed'
  | 'interrupted';

/** What is known of one file's upload. Everything else is derived. */
export type Progress = {
  readonly stage: Stage;
  readonly stageSinceMs: number;
  /** When bytes last left, or the stage began. */
  readonly movedAtMs: number;
  readonly startedAtMs: number;
  readonly bytes: number;
  readonly parts: number;
  readonly tally: Tally;
  /** Bytes sent of each part in flight. */
  readonly inFlight: ReadonlyMap<number, number>;
  readonly hashed: number;
  /** Bytes of stdin, or of a File that is read back. */
  readonly received: number;
  readonly samples: readonly Sample[];
  readonly gateUntilMs?: number | undefined;
  readonly expiresAtMs?: number | undefined;
  readonly fileId?: string | undefined;
  /** The server compared the md5 that `complete` carried. */
  readonly md5Verified?: boolean;
  readonly fileExpiresAtMs?: number | undefined;
};

/** Before the first event. */
export const noProgress = (atMs: number): Progress => ({
  stage: 'new',
  stageSinceMs: atMs,
  movedAtMs: atMs,
  startedAtMs: atMs,
  bytes: 0,
  parts: 0,
  tally: emptyTally,
  inFlight: new Map(),
  hashed: 0,
  received: 0,
  samples: [],
});

/** The progress after one more event. Costs the same whatever the file's size: only parts in flight are kept. */
export const reduce = (progress: Progress, event: TransferEvent, atMs: number): Progress =>
  withMove(progress, withSample(step({ ...progress, tally: tally(progress.tally, event) }, event, atMs), atMs), atMs);

/** The file will not get further in this run. */
export const stopped = (progress: Progress, why: 'failed' | 'interrupted', atMs: number): Progress =>
  at({ ...progress, inFlight: new Map() }, why, atMs);

type Step<E extends TransferEvent> = (progress: Progress, event: E, atMs: number) => Progress;

type Steps = { readonly [T in TransferEvent['type']]: Step<Extract<TransferEvent, { readonly type: T }>> };

const unchanged = (progress: Progress): Progress => progress;

const sending: Step<Extract<TransferEvent, { readonly type: 'upload.created' | 'upload.resumed' }>> = (
  progress,
  { expiresAtMs },
  atMs,
) => ({ ...at(progress, 'sending', atMs), samples: [], hashed: 0, expiresAtMs });

const withoutPart = (progress: Progress, { part }: { readonly part: number }): Progress => landed(progress, part);

/** What each event changes. */
const STEPS: Steps = {
  'upload.planned': (progress, { bytes, parts }, atMs) => ({ ...unlocked(progress, atMs), bytes, parts }),
  'stdin.progress': (progress, { received }, atMs) => ({
    ...(progress.stage === 'new' ? at(progress, 'reading', atMs) : progress),
    received,
  }),
  'file.processing': (progress, _event, atMs) => staying(progress, 'processing', atMs),
  'file.processed': (progress, _event, atMs) => at(progress, 'done', atMs),
  'content.progress': (progress, { received, bytes }, atMs) => ({
    ...staying(progress, 'comparing', atMs),
    received,
    bytes,
  }),
  'upload.creating': (progress, _event, atMs) => at(progress, 'creating', atMs),
  'upload.created': sending,
  'upload.resumed': sending,
  'upload.restarted': (progress, _event, atMs) => ({
    ...at(progress, isArriving(progress) ? 'reading' : 'creating', atMs),
    inFlight: new Map(),
    expiresAtMs: undefined,
  }),
  'part.started': (progress, { part }) => withSent(progress, part, 0),
  'part.progress': (progress, { part, sent }) => withSent(progress, part, sent),
  'part.retrying': withoutPart,
  'part.finished': withoutPart,
  'part.stopped': withoutPart,
  'gate.closed': (progress, { delayMs }, atMs) => ({
    ...progress,
    // By its length: `untilMs` is of the wall clock, which may have been set since this reporter began.
    gateUntilMs: Math.max(progress.gateUntilMs ?? 0, atMs + delayMs),
  }),
  'digest.progress': (progress, { hashed }) => ({ ...progress, hashed }),
  'upload.completing': (progress, _event, atMs) => at(progress, 'completing', atMs),
  'upload.completed': (progress, { fileId, md5, fileExpiresAtMs }, atMs) => ({
    ...at(progress, 'done', atMs),
    fileId,
    md5Verified: md5 !== undefined,
    fileExpiresAtMs,
  }),
  'upload.skipped': (progress, { fileId }, atMs) => ({ ...at(progress, 'done', atMs), fileId }),
  'part.accepted': unchanged,
  'part.changed': unchanged,
  'request.retrying': unchanged,
  warning: unchanged,
  note: (progress, { reason }, atMs) => (reason === 'lock-wait' ? at(progress, 'locked', atMs) : progress),
};

// The table has each event's own step under its type.
const step = (progress: Progress, event: TransferEvent, atMs: number): Progress =>
  (STEPS[event.type] as Step<TransferEvent>)(progress, event, atMs);

const at = (progress: Progress, stage: Stage, atMs: number): Progress => ({
  ...progress,
  stage,
  stageSinceMs: atMs,
  movedAtMs: atMs,
});

const unlocked = (progress: Progress, atMs: number): Progress =>
  progress.stage === 'locked' ? at(progress, 'new', atMs) : progress;

/** In a stage that several events tell of. */
const staying = (progress: Progress, stage: Stage, atMs: number): Progress =>
  progress.stage === stage ? progress : at(progress, stage, atMs);

const withSent = (progress: Progress, part: number, sent: number): Progress => ({
  ...progress,
  inFlight: new Map(progress.inFlight).set(part, sent),
});

const landed = (progress: Progress, part: number): Progress => {
  const inFlight = new Map(progress.inFlight);
  inFlight.delete(part);
  return { ...progress, inFlight };
};

const withSample = (progress: Progress, atMs: number): Progress =>
  progress.stage === 'sending'
    ? { ...progress, samples: sampled(progress.samples, { atMs, moved: bytesMoved(progress) }) }
    : progress;

const withMove = (before: Progress, after: Progress, atMs: number): Progress =>
  bytesMoved(after) === bytesMoved(before) ? after : { ...after, movedAtMs: atMs };

/** Bytes of the file that are at the server or in attempts under way; resumed ones from the start. */
export const bytesDone = ({ tally, inFlight }: Progress): number =>
  tally.bytesSkipped + tally.bytesSent + sum(inFlight.values());

/** Stdin, of a size that was said before, has not given all its bytes. */
export const isArriving = ({ received, bytes }: Progress): boolean => received > 0 && received < bytes;

/** Bytes that left in this run, also those that were lost. */
export const bytesMoved = ({ tally, inFlight }: Progress): number =>
  tally.bytesSent + tally.bytesResent + sum(inFlight.values());

/** Bytes a second, smoothed over the last ten; never negative. */
export const rateOf = (progress: Progress, nowMs: number): number =>
  progress.stage === 'sending' ? rateOver(progress.samples, { atMs: nowMs, moved: bytesMoved(progress) }) : 0;

const sum = (numbers: Iterable<number>): number => {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
};
