import { bytesOf, type FinishedPart } from '../../core/model/part.ts';
import { fasterHint, makesIt, neededRate } from '../../core/policy/deadline.ts';
import type { Journal } from '../../core/ports.ts';
import type { FileRun } from '../run.ts';

/** A rate is believed after this long. */
const MEASURED_AFTER_MS = 10_000;

/** Says, once, when the rate (the limit that was set, later the measured one) cannot make the upload's hour. */
export const watchDeadline = (journal: Journal, { api, clock, pace, emit }: FileRun) => {
  const startedAtMs = clock.monotonic();
  const { finished } = journal.manifest();
  const before = bytesOf(finished.values());
  const counted = new Set(finished.keys());
  let done = before;
  let warned = false;

  const check = (rate: number): void => {
    const { expiresAtMs, request } = journal.manifest();
    if (warned || expiresAtMs === undefined) return;
    const left = { bytesLeft: request.bytes - done, msLeft: expiresAtMs - api.now() };
    if (makesIt({ ...left, rate })) return;
    warned = true;
    const hint = fasterHint({ rate, limit: pace?.rate });
    emit({ type: 'warning', ...tooSlow(rate, neededRate(left), left.msLeft), hint });
  };
  if (pace) check(pace.rate);

  const partAccepted = ({ number, size }: FinishedPart): void => {
    // One that changed is sent again.
    if (!counted.has(number)) done += size;
    counted.add(number);
    const elapsedMs = clock.monotonic() - startedAtMs;
    if (warned || elapsedMs < MEASURED_AFTER_MS) return;
    check(((done - before) * 1000) / elapsedMs);
  };
  return { partAccepted };
};

const tooSlow = (rate: number, needed: number, msLeft: number) => ({
  reason: 'deadline',
  message: `at ${perSecond(rate)} this upload will not make its hour: ${Math.max(0, Math.round(msLeft / 60_000))} minutes are left and ${perSecond(needed)} would be needed`,
});

const perSecond = (rate: number): string =>
  rate === Number.POSITIVE_INFINITY ? 'more than any rate' : `${(rate / 1e6).toFixed(2)} MB/s`;
