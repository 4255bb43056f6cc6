import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TransferEvent } from '../../src/core/events/events.ts';
import type { Manifest } from '../../src/core/model/manifest.ts';
import type { Journal } from '../../src/core/ports.ts';
import { createServerClock } from '../../src/io/http/server-clock.ts';
import { noProgress, rateOf, reduce } from '../../src/report/progress/progress.ts';
import { createPace } from '../../src/transfer/requests/pace.ts';
import { createRequests } from '../../src/transfer/requests/requests.ts';
import { watchDeadline } from '../../src/transfer/requests/watch-deadline.ts';
import type { FileRun } from '../../src/transfer/run.ts';
import { failed, type SleepersClock, virtualClock } from '../support/ports.ts';

const never = new AbortController().signal;
const DAY_MS = 86_400_000;
const jump = fc.integer({ min: -DAY_MS, max: DAY_MS });

describe('12.23: the wall clock is set while a run goes on', () => {
  it('every wait is as long as it would have been', async () => {
    const failures = fc.array(fc.record({ jump, retryAfterMs: fc.option(fc.integer({ min: 1, max: 200_000 })) }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(failures, async script => {
        const waits = async (jumps: boolean) => {
          const clock = virtualClock();
          const requests = createRequests({ retries: 10, clock, random: () => 1 });
          const attempt = async (number: number): Promise<string> => {
            const step = script[number - 1];
            if (!step) return 'accepted';
            if (jumps) clock.jump(step.jump);
            const delay = step.retryAfterMs === null ? {} : { status: 429, retryAfterMs: step.retryAfterMs };
            throw failed(delay);
          };
          await requests.send({ endpoint: 'part', emit: () => {}, attempt }, never);
          return { sleeps: clock.sleeps, tookMs: clock.monotonic() };
        };
        expect(await waits(true)).toEqual(await waits(false));
      }),
      { numRuns: 50 },
    );
  });

  it('a limited rate stays what it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(jump, { minLength: 1, maxLength: 10 }), async jumps => {
        const clock = virtualClock();
        const chunks = async function* () {
          for (const ms of jumps) {
            clock.jump(ms);
            yield new Uint8Array(1000);
          }
        };
        for await (const _piece of createPace(1000, clock).spread(chunks(), never));
        // The last piece is let through when its turn comes, not when it is over.
        const wholeMs = jumps.length * 1000;
        expect(clock.monotonic()).toBeGreaterThan(wholeMs - 300);
        expect(clock.monotonic()).toBeLessThanOrEqual(wholeMs);
      }),
      { numRuns: 50 },
    );
  });

  it("the server's clock goes on as before, and is what the server last said", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ jump, passMs: fc.integer({ min: 0, max: DAY_MS }) })), steps => {
        const clock = virtualClock();
        const server = createServerClock(clock);
        let expected = clock.now();
        for (const step of steps) {
          clock.pass(step.passMs);
          clock.jump(step.jump);
          expected += step.passMs;
          expect(server.now()).toBe(expected);
        }
        server.learn(expected + 5000);
        clock.jump(DAY_MS);
        expect(server.now()).toBe(expected + 5000);
      }),
    );
  });

  it.each([2 * 3_600_000, -2 * 3_600_000])('a jump of %i ms makes no deadline warning, and hides none', ms => {
    for (const [part, warned] of [
      [400, false],
      [1, true],
    ] as const) {
      const { clock, events, partAccepted } = watching();
      clock.pass(20_000);
      clock.jump(ms);
      partAccepted({ number: 1, id: 'part_1' as never, size: part * 1000, digest: '' });
      expect(events.map(({ type }) => type)).toEqual(warned ? ['warning'] : []);
    }
  });

  it('a gate that the server closed is shown for as long as it is closed', () => {
    const closed: TransferEvent = { type: 'gate.closed', untilMs: DAY_MS, delayMs: 5000 };
    expect(reduce(noProgress(1000), closed, 1000).gateUntilMs).toBe(6000);
    expect(rateOf(noProgress(0), -1)).toBe(0);
  });
});

/** An upload of a megabyte whose hour is over in a minute: it needs some 17 kB/s. */
function watching() {
  const clock: SleepersClock = virtualClock();
  const events: TransferEvent[] = [];
  const manifest = {
    request: { bytes: 1_000_000 },
    expiresAtMs: clock.now() + 80_000,
    finished: new Map(),
  } as unknown as Manifest;
  const journal = { manifest: () => manifest } as Journal;
  const run = {
    clock,
    api: createServerClock(clock),
    emit: (event: TransferEvent) => void events.push(event),
  } as unknown as FileRun;
  return { clock, events, ...watchDeadline(journal, run) };
}
