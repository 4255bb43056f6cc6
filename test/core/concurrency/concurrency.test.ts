import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Act, choices, choose, createRun, settle } from '../../support/network-simulation/script.ts';

const everything: readonly Act[] = ['start', 'start', 'progress', 'progress', 'accepted', 'overloaded', 'ended'];
const fair: readonly Act[] = ['start', 'start', 'start', 'progress', 'accepted', 'ended'];

describe('the concurrency search', () => {
  test('whatever happens, and whatever the clock does: a whole number from 1 to 16', () => {
    fc.assert(
      fc.property(choices(everything, 5000), fc.array(fc.integer({ min: -1e6, max: 1e6 })), (all, jumps) => {
        const run = createRun();
        for (const [index, choice] of all.entries()) {
          choose(run, { ...choice, waitMs: choice.waitMs + (jumps[index] ?? 0) });
          expect(Number.isInteger(run.concurrency())).toBe(true);
          expect(run.concurrency()).toBeGreaterThanOrEqual(1);
          expect(run.concurrency()).toBeLessThanOrEqual(16);
        }
      }),
    );
  });

  test('rises by at most two at once, and never twice within 20 ms', () => {
    fc.assert(
      fc.property(choices(fair, 200), all => {
        const run = createRun();
        let raisedAtMs = Number.NEGATIVE_INFINITY;
        for (const choice of all) {
          const before = run.concurrency();
          choose(run, choice);
          if (run.concurrency() <= before) continue;
          expect(run.concurrency()).toBeLessThanOrEqual(before + 2);
          expect(run.now() - raisedAtMs).toBeGreaterThanOrEqual(20);
          raisedAtMs = run.now();
        }
      }),
    );
  });

  test('a refusal allows fewer than were in flight, and no more than that for half a minute', () => {
    fc.assert(
      fc.property(choices(everything, 1000), all => {
        const run = createRun();
        let ceiling = { concurrency: 16, untilMs: 0 };
        for (const choice of all) {
          const inFlight = run.inFlight().length;
          choose(run, choice);
          if (choice.act === 'overloaded' && inFlight > 0) {
            expect(run.concurrency()).toBeLessThanOrEqual(Math.max(1, inFlight - 1));
            ceiling = { concurrency: inFlight > 1 ? inFlight - 1 : 16, untilMs: run.now() + 30_000 };
          }
          if (run.now() < ceiling.untilMs) expect(run.concurrency()).toBeLessThanOrEqual(ceiling.concurrency);
        }
      }),
    );
  });

  test('it rises while more parts take no longer, and stays where they take longer in proportion', () => {
    const free = createRun();
    settle(free, 20, () => 1000);
    expect(free.concurrency()).toBe(16);
    const shared = createRun();
    settle(shared, 60, inFlight => inFlight * 300);
    expect(shared.concurrency()).toBeGreaterThanOrEqual(4);
    expect(shared.concurrency()).toBeLessThanOrEqual(6);
  });

  test('parts that take ever longer without gain are taken for a reason to have fewer in flight', () => {
    const run = createRun();
    settle(run, 20, () => 1000);
    settle(run, 60, inFlight => inFlight * 500);
    expect(run.concurrency()).toBeLessThanOrEqual(8);
  });

  test('fewer in flight than allowed, at the end of a file, says nothing', () => {
    const run = createRun();
    settle(run, 20, () => 1000);
    for (const attempt of run.inFlight().slice(2)) run.end(attempt, 'accepted');
    run.sleep(300);
    for (let tick = 0; tick < 200; tick += 1) {
      run.sleep(100);
      for (const attempt of run.inFlight()) run.progress(attempt, 1000);
    }
    expect(run.concurrency()).toBe(16);
  });

  test('refused together: one place for each that was not; refused alone: one, and soon more again', () => {
    const some = createRun();
    some.fill();
    for (const attempt of some.inFlight().slice(2)) some.end(attempt, 'overloaded');
    expect(some.concurrency()).toBe(2);
    const all = createRun();
    all.fill();
    for (const attempt of all.inFlight()) all.end(attempt, 'overloaded');
    expect(all.concurrency()).toBe(1);
    settle(all, 40, () => 1000);
    expect(all.concurrency()).toBe(16);
  });
});
