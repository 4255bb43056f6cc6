import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TransferEvent } from '../../../src/core/events/events.ts';
import { phaseOf } from '../../../src/report/progress/phase.ts';
import { bytesDone, noProgress, type Progress, rateOf, reduce } from '../../../src/report/progress/progress.ts';
import { completing, created, creating, finished, MiB, planned, resumed, retrying, sent, started } from '../events.ts';

const fold = (events: readonly TransferEvent[], stepMs = 100): Progress =>
  events.reduce((progress, event, index) => reduce(progress, event, index * stepMs), noProgress(0));

type Choice = { readonly part: number; readonly act: number; readonly share: number };

/** Any legal sequence: parts start, move, fail, finish in any interleaving; a saved part may turn out changed. */
function legal(savedParts: number, choices: readonly Choice[]): readonly TransferEvent[] {
  const open = new Map<number, number>();
  const over = new Set(Array.from({ length: savedParts }, (_, index) => index + 1));
  const events: TransferEvent[] = [planned, creating, savedParts > 0 ? resumed(savedParts) : created];
  for (const { part, act, share } of choices) {
    const at = open.get(part);
    if (over.has(part)) {
      if (part > savedParts || act !== 0) continue;
      over.delete(part);
      events.push({ type: 'part.changed', part, size: 8 * MiB });
    } else if (at === undefined) {
      open.set(part, 0);
      events.push(started(part));
    } else if (act === 1) {
      open.delete(part);
      over.add(part);
      events.push(finished(part));
    } else if (act === 2) {
      open.delete(part);
      events.push({ ...retrying(part), sent: at } as TransferEvent);
    } else {
      open.set(part, Math.max(at, Math.floor(share * 8 * MiB)));
      events.push(sent(part, open.get(part) as number));
    }
  }
  return events;
}

const sequences = fc
  .tuple(
    fc.integer({ min: 0, max: 10 }),
    fc.array(
      fc.record({
        part: fc.integer({ min: 1, max: 10 }),
        act: fc.nat(4),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 120 },
    ),
  )
  .map(([savedParts, choices]) => legal(savedParts, choices));

describe('the fold', () => {
  test('never counts more than the file, nor a negative rate, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(sequences, fc.array(fc.nat(3000), { minLength: 1 }), (events, steps) => {
        let progress = noProgress(0);
        let nowMs = 0;
        for (const [index, event] of events.entries()) {
          nowMs += steps[index % steps.length] as number;
          progress = reduce(progress, event, nowMs);
          expect(bytesDone(progress)).toBeGreaterThanOrEqual(0);
          expect(bytesDone(progress)).toBeLessThanOrEqual(80 * MiB);
          expect(rateOf(progress, nowMs)).toBeGreaterThanOrEqual(0);
          expect(progress.samples.length).toBeLessThanOrEqual(22);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('is pure: the progress before an event stays as it was', () => {
    const before = fold([planned, created, started(1), sent(1, 100)]);
    const copy = structuredClone(before);
    for (const event of [sent(1, 200), finished(1), retrying(1), completing]) reduce(before, event, 900);
    expect(before).toEqual(copy);
  });

  test('takes progress as absolute, and a retry goes back to 0', () => {
    const moving = [planned, created, started(1), sent(1, 3 * MiB), sent(1, 5 * MiB)];
    expect(bytesDone(fold(moving))).toBe(5 * MiB);
    expect(bytesDone(fold([...moving, retrying(1)]))).toBe(0);
    expect(bytesDone(fold([...moving, retrying(1), started(1, 2), sent(1, MiB)]))).toBe(MiB);
  });

  test('begins a resumed file at the resumed bytes, which are no speed', () => {
    const progress = fold([planned, resumed(3)]);
    expect(bytesDone(progress)).toBe(24 * MiB);
    expect(rateOf(progress, 5000)).toBe(0);
    expect(bytesDone(fold([planned, resumed(3), { type: 'part.changed', part: 2, size: 8 * MiB }]))).toBe(16 * MiB);
  });

  test('forgets what was sent when it starts over', () => {
    const progress = fold([
      planned,
      resumed(3),
      started(4),
      finished(4),
      { type: 'upload.restarted', because: 'upload gone' },
    ]);
    expect(bytesDone(progress)).toBe(0);
    expect(phaseOf(progress, 0)).toBe('creating');
  });
});
