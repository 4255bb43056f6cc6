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
  /** Files whose size is not known yet. */
  readonly unplanned: number;
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
  unplanned: 0,
  stillMs: Number.POSITIVE_INFINITY,
  gateUntilMs: undefined,
  expiresAtMs: undefined,
};

/**
 * The sums over the files known so far, out of so many, and over those that ended before; the earliest expiry and the
 * latest gate.
 */
export const totalsOf = (files: Iterable<Progress>, nowMs: number, count = 1, before = nothing): Totals => {
  let sum = before;
  let planned = before.ended;
  for (const progress of files) {
    sum = added(sum, progress, nowMs);
    if (progress.bytes > 0 || isEnded(progress)) planned += 1;
  }
  return { ...sum, files: count, unplanned: Math.max(0, count - planned) };
};

/** How much is done, from 0 to 1: of the bytes, or of the files while not every size is known. */
export const fractionOf = ({ unplanned, files, ended, bytes, done }: Totals): number => {
  const [part, whole] = unplanned > 0 ? [ended, files] : [done, bytes];
  return whole > 0 ? Math.min(1, part / whole) : 0;
};

/** The sums with one more file. */
export const added = (sum: Totals, progress: Progress, nowMs: number): Totals => ({
  // What a failed or interrupted file still lacked will not be sent.
  bytes: sum.bytes + (isEnded(progress) && progress.stage !== 'done' ? bytesDone(progress) : progress.bytes),
  done: sum.done + bytesDone(progress),
  rate: sum.rate + rateOf(progress, nowMs),
  inFlight: sum.inFlight + progress.inFlight.size,
  retries: sum.retries + progress.tally.retries,
  ended: sum.ended + (isEnded(progress) ? 1 : 0),
  uploaded: sum.uploaded + (progress.stage === 'done' ? 1 : 0),
  failed: sum.failed + (progress.stage === 'failed' ? 1 : 0),
  files: 0,
  unplanned: 0,
  stillMs: Math.min(sum.stillMs, stillMs(progress, nowMs)),
  gateUntilMs: later(sum.gateUntilMs, progress.gateUntilMs),
  expiresAtMs: isEnded(progress) ? sum.expiresAtMs : earlier(sum.expiresAtMs, progress.expiresAtMs),
});

const later = (a: number | undefined, b: number | undefined): number | undefined =>
  a !== undefined && b !== undefined ? Math.max(a, b) : (a ?? b);
const earlier = (a: number | undefined, b: number | undefined): number | undefined =>
  a !== undefined && b !== undefined ? Math.min(a, b) : (a ?? b);
