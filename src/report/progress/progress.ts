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

function step(progress: Progress, event: TransferEvent, atMs: number): Progress {
  switch (event.type) {
    case 'upload.planned':
      return { ...unlocked(progress, atMs), bytes: event.bytes, parts: event.parts };
    case 'stdin.progress':
      return { ...(progress.stage === 'new' ? at(progress, 'reading', atMs) : progress), received: event.received };
    case 'file.processing':
      return staying(progress, 'processing', atMs);
    case 'file.processed':
      return at(progress, 'done', atMs);
    case 'content.progress':
      return { ...staying(progress, 'comparing', atMs), received: event.received, bytes: event.bytes };
    case 'upload.creating':
      return at(progress, 'creating', atMs);
    case 'upload.created':
    case 'upload.resumed':
      return { ...at(progress, 'sending', atMs), samples: [], hashed: 0, expiresAtMs: event.expiresAtMs };
    case 'upload.restarted':
      return {
        ...at(progress, isArriving(progress) ? 'reading' : 'creating', atMs),
        inFlight: new Map(),
        expiresAtMs: undefined,
      };
    case 'part.started':
      return withSent(progress, event.part, 0);
    case 'part.progress':
      return withSent(progress, event.part, event.sent);
    case 'part.retrying':
    case 'part.finished':
    case 'part.stopped':
      return landed(progress, event.part);
    case 'gate.closed':
      // By its length: `untilMs` is of the wall clock, which may have been set since this reporter began.
      return { ...progress, gateUntilMs: Math.max(progress.gateUntilMs ?? 0, atMs + event.delayMs) };
    case 'digest.progress':
      return { ...progress, hashed: event.hashed };
    case 'upload.completing':
      return at(progress, 'completing', atMs);
    case 'upload.completed':
      return {
        ...at(progress, 'done', atMs),
        fileId: event.fileId,
        md5Verified: event.md5 !== undefined,
        fileExpiresAtMs: event.fileExpiresAtMs,
      };
    case 'part.accepted':
    case 'part.changed':
    case 'request.retrying':
    case 'warning':
      return progress;
    case 'note':
      return event.reason === 'lock-wait' ? at(progress, 'locked', atMs) : progress;
    case 'upload.skipped':
      return { ...at(progress, 'done', atMs), fileId: event.fileId };
    default:
      return event satisfies never;
  }
}

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
