import { describe, expect, test } from 'vitest';
import type { TransferEvent } from '../../../src/core/events/events.ts';
import { gateLeftMs, phaseOf, pressingExpiryMs, timeLeftMs } from '../../../src/report/progress/phase.ts';
import { noProgress, type Progress, rateOf, reduce } from '../../../src/report/progress/progress.ts';
import { fractionOf, totalsOf } from '../../../src/report/progress/totals.ts';
import {
  completed,
  completing,
  created,
  creating,
  finished,
  MiB,
  planned,
  retrying,
  sent,
  started,
} from '../events.ts';

const fold = (events: readonly TransferEvent[], stepMs = 100): Progress =>
  events.reduce((progress, event, index) => reduce(progress, event, index * stepMs), noProgress(0));

describe('rate and time left', () => {
  test('are those of the last ten seconds', () => {
    let progress = fold([planned, created, started(1)], 0);
    for (let second = 1; second <= 30; second += 1)
      progress = reduce(progress, sent(1, second <= 20 ? 0 : (second - 20) * 1000), second * 1000);
    expect(rateOf(progress, 30_000)).toBe(1000);
    expect(rateOf(progress, 35_000)).toBe(500);
    expect(rateOf(progress, 45_000)).toBe(0);
  });

  test('do not take a burst into empty buffers for a speed', () => {
    const progress = [planned, created, started(1), sent(1, 4 * MiB)].reduce(
      (sum, event, index) => reduce(sum, event, index),
      noProgress(0),
    );
    expect(rateOf(progress, 4)).toBeLessThanOrEqual(4 * MiB);
  });

  test('time left is unknown without a rate', () => {
    expect(timeLeftMs(1000, 0)).toBeUndefined();
    expect(timeLeftMs(1000, 500)).toBe(2000);
  });
});

describe('the phase', () => {
  const gate: TransferEvent = { type: 'gate.closed', untilMs: 10_000, delayMs: 9000 };
  const received: TransferEvent = { type: 'stdin.progress', received: 9 * MiB };
  const parts = Array.from({ length: 10 }, (_, index) => finished(index + 1));

  test.each([
    ['creating', [planned, creating]],
    ['sending', [planned, created, started(1)]],
    ['sending', [planned, created, started(1), started(2), retrying(1), gate]],
    ['waiting', [planned, created, started(1), retrying(1), gate]],
    ['arriving', [planned, received, created, started(1), finished(1)]],
    ['sending', [planned, received, created, started(1)]],
    ['waiting', [planned, received, created, started(1), retrying(1), gate]],
    ['reading', [planned, received, created, { type: 'upload.restarted', because: 'upload expired' }]],
    ['hashing', [planned, created, ...parts, { type: 'digest.progress', hashed: 5 }]],
    ['completing', [planned, created, ...parts, completing]],
    ['done', [planned, created, ...parts, completing, completed]],
  ] satisfies [string, TransferEvent[]][])('is %s', (phase, events) => {
    expect(phaseOf(fold(events, 1), 5000)).toBe(phase);
  });

  test('the gate only ever closes later, and opens by itself', () => {
    const progress = fold([planned, created, gate, { ...gate, delayMs: 7000 }]);
    expect(gateLeftMs(progress.gateUntilMs, 8200)).toBe(1000);
    expect(gateLeftMs(progress.gateUntilMs, 11_000)).toBe(0);
  });

  test('expiry is told where it matters', () => {
    expect(pressingExpiryMs(3_600_000, 1000, 0)).toBeUndefined();
    expect(pressingExpiryMs(3_600_000, 4_000_000, 0)).toBe(3_600_000);
    expect(pressingExpiryMs(300_000, 1000, 0)).toBe(300_000);
  });
});

test('several files count by bytes', () => {
  const one = fold([planned, created, ...Array.from({ length: 10 }, (_, index) => finished(index + 1)), completed]);
  expect(fractionOf(totalsOf([one], 0))).toBe(1);
  expect(fractionOf(totalsOf([one, fold([planned, created])], 0))).toBe(0.5);
});
