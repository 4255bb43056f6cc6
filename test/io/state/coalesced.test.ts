import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { coalesced } from '../../../src/io/state/coalesced.ts';

it('tells each what was seen after it asked, and looks once at a time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ afterTicks: fc.nat(6), effectTicks: fc.nat(5), fails: fc.boolean() }), { maxLength: 30 }),
      async calls => {
        let [time, running, effects] = [0, 0, 0];
        const look = coalesced(async () => {
          const call = calls[effects];
          effects += 1;
          running += 1;
          expect(running).toBe(1);
          const begunAt = time;
          for (let ticks = call?.effectTicks ?? 0; ticks > 0; ticks -= 1) await setImmediate();
          running -= 1;
          if (call?.fails) throw Object.assign(new Error('failed'), { begunAt });
          return { begunAt };
        });
        const asked: Promise<void>[] = [];
        for (const { afterTicks } of calls) {
          for (let ticks = afterTicks; ticks > 0; ticks -= 1) await setImmediate();
          time += 1;
          const askedAt = time;
          asked.push(
            look()
              .catch(error => error)
              .then(({ begunAt }) => expect(begunAt).toBeGreaterThanOrEqual(askedAt)),
          );
        }
        await Promise.all(asked);
        expect(effects).toBeLessThanOrEqual(calls.length);
      },
    ),
  );
});

it('looks twice for all that ask while it looks', async () => {
  const endings: (() => void)[] = [];
  const look = coalesced(() => new Promise<void>(resolve => endings.push(resolve)));
  const first = look();
  await setImmediate();
  const others = Array.from({ length: 20 }, look);
  await setImmediate();
  expect(endings).toHaveLength(1);
  endings[0]?.();
  await first;
  await setImmediate();
  expect(endings).toHaveLength(2);
  endings[1]?.();
  await Promise.all(others);
});
