import { isEnded, stillMs } from './phase.ts';
import { bytesDone, type Progress, rateOf } from './progress.ts';

/** Several files as one. */
export type Totals = {
  readonly bytes: number;
  readonly done: number;
  readonly rate: number;
  readonly inFlight: number;
  readonly retries: number;
  readonly ended: number;
  readonly uploaded: number;
  readonly failed: number;
  readonly files: number;
  /** Otherwise `files` and `bytes` are so many at least. */
  readonly isWhole: boolean;
  /** How long none of them has moved. */
  readonly stillMs: number;
  readonly gateUntilMs: number | undefined;
  readonly expiresAtMs: number | undefined;
};

export const nothing: Totals = {
  bytes: 0,
  done: 0,
  rate: 0,
  inFlight: 0,
  retries: 0,
  ended: 0,
  uploaded: 0,
  failed: 0,
  files: 0,
  isWhole: true,
  stillMs: Number.POSITIVE_INFINITY,
  gateUntilMs: undefined,
  expiresAtMs: undefined,
};

/** The sums over files, and over those that ended before; the earliest expiry and the latest gate. */
export const totalsOf = (files: Iterable<Progress>, nowMs: number, before = nothing): Totals => {
  let sum = before;
  for (const progress of files) sum = added(sum, progress, nowMs);
  return sum;
};

/** How much of the bytes is done, from 0 to 1; 0 while their number grows: a bar must not go back. */
export const fractionOf = ({ isWhole, bytes, done }: Totals): number =>
  isWhole && bytes > 0 ? Math.min(1, done / bytes) : 0;

/** The sums with one more file. */
export const added = (sum: Totals, progress: Progress, nowMs: number): Totals => ({
  // What an ended file lacks is not sent: it failed, was interrupted, or was uploaded before.
  bytes: sum.bytes + (isEnded(progress) ? bytesDone(progress) : progress.bytes),
  done: sum.done + bytesDone(progress),
  rate: sum.rate + rateOf(progress, nowMs),
  inFlight: sum.inFlight + progress.inFlight.size,
  retries: sum.retries + progress.tally.retries,
  ended: sum.ended + (isEnded(progress) ? 1 : 0),
  uploaded: sum.uploaded + (progress.stage === 'done' ? 1 : 0),
  failed: sum.failed + (progress.stage === 'failed' ? 1 : 0),
  files: sum.files + 1,
  isWhole: true,
  stillMs: Math.min(sum.stillMs, stillMs(progress, nowMs)),
  gateUntilMs: later(sum.gateUntilMs, progress.gateUntilMs),
  expiresAtMs: isEnded(progress) ? sum.expiresAtMs : earlier(sum.expiresAtMs, progress.expiresAtMs),
});

const later = (a: number | undefined, b: number | undefined): number | undefined =>
  a !== undefined && b !== undefined ? Math.max(a, b) : (a ?? b);
const earlier = (a: number | undefined, b: number | undefined): number | undefined =>
  a !== undefined && b !== undefined ? Math.min(a, b) : (a ?? b);
