import { makesIt, neededRate } from '../core/deadline.ts';
import { bytesOf } from '../core/part.ts';
import type { Journal } from '../core/ports.ts';
import type { FileRun } from './run.ts';

/** A rate is believed after this long. */
const MEASURED_AFTER_MS = 10_000;

/** Says, once, when the rate (the limit that was asked for, later the measured one) cannot make the upload's hour. */
export const watchDeadline = (journal: Journal, { api, clock, pace, emit }: FileRun) => {
  const startedAtMs = clock.now();
  const before = bytesOf(journal.manifest().finished.values());
  let warned = false;

  const check = (rate: number): void => {
    const { expiresAtMs, request, finished } = journal.manifest();
    if (warned || expiresAtMs === undefined) return;
    const left = { bytesLeft: request.bytes - bytesOf(finished.values()), msLeft: expiresAtMs - api.now() };
    if (makesIt({ ...left, rate })) return;
    warned = true;
    emit({ type: 'warning', ...tooSlow(rate, neededRate(left), left.msLeft) });
  };
  if (pace) check(pace.rate);

  const partAccepted = (): void => {
    const elapsedMs = clock.now() - startedAtMs;
    if (warned || elapsedMs < MEASURED_AFTER_MS) return;
    check(((bytesOf(journal.manifest().finished.values()) - before) * 1000) / elapsedMs);
  };
  return { partAccepted };
};

const tooSlow = (rate: number, needed: number, msLeft: number) => ({
  reason: 'deadline',
  message: `at ${perSecond(rate)} this upload will not make its hour: ${Math.max(0, Math.round(msLeft / 60_000))} minutes are left and ${perSecond(needed)} would be needed`,
  hint: 'a faster line, more --concurrency, or a smaller file',
});

const perSecond = (rate: number): string =>
  rate === Number.POSITIVE_INFINITY ? 'more than any rate' : `${(rate / 1e6).toFixed(2)} MB/s`;
