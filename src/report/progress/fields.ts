import { grouped } from '../../core/policy/units.ts';
import type { Field } from '../terminal/layout.ts';
import { bytes, duration, percent, rate, share, wait, wholeSeconds } from '../text/format.ts';
import { retries } from '../text/summary.ts';
import { gateLeftMs, pressingExpiryMs, timeLeftMs } from './phase.ts';
import { fractionOf, type Totals } from './totals.ts';

/** What one field says; nothing where that cannot be said yet. */
export function fieldText(field: Field, totals: Totals): string {
  const { bytes: size, done, rate: speed, isWhole } = totals;
  switch (field) {
    case 'percent':
      return isWhole ? percent(fractionOf(totals)) : '';
    case 'bytes':
      return isWhole ? share(Math.min(done, size), size) : bytes(done);
    case 'rate':
      return totals.inFlight === 0 && speed === 0 ? '' : rate(speed);
    case 'left': {
      const leftMs = !isWhole || isStalled(totals) ? undefined : timeLeftMs(size - done, speed);
      return leftMs === undefined ? '' : `${wait(leftMs)} left`;
    }
    default:
      return field satisfies never;
  }
}

/** Why it is slow, or may come too late. */
export function delays(totals: Totals, nowMs: number): readonly string[] {
  const gate = gateLeftMs(totals.gateUntilMs, nowMs);
  const leftMs = timeLeftMs(totals.bytes - totals.done, totals.rate);
  const expiryMs = pressingExpiryMs(totals.expiresAtMs, leftMs, nowMs);
  return [
    ...(gate > 0 ? [`waiting ${wait(gate)}, as the server asked`] : []),
    ...(isStalled(totals) ? [still(totals)] : []),
    ...(expiryMs === undefined ? [] : [`upload expires in ${wait(expiryMs)}`]),
  ];
}

/** Longer than this, and people wonder. */
const STALLED_MS = 5000;

const isStalled = ({ stillMs }: Totals): boolean => stillMs >= STALLED_MS && Number.isFinite(stillMs);

/** What has left may still be in some buffer on its way: from here one sees only that the server is waited for. */
const still = ({ inFlight, stillMs }: Totals): string =>
  `${inFlight > 0 ? 'waiting for the server,' : 'nothing sent for'} ${duration(wholeSeconds(stillMs))}`;

/** What there is to send, while more of it is found. */
export const soFar = ({ isWhole, files, bytes: size }: Totals): readonly string[] =>
  isWhole ? [] : [`of at least ${grouped(files)} files, ${bytes(size)}`];

/** What is under way, and what had to be done again. */
export const counts = ({ inFlight, retries: again }: Totals): readonly string[] => [
  ...(inFlight > 0 ? [`${inFlight} in flight`] : []),
  ...(again > 0 ? [retries(again)] : []),
];
