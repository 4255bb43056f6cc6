import { describe, expect, test } from 'vitest';
import { RequestError } from '../../../src/core/errors/request-error.ts';
import type { Clock, Limit } from '../../../src/core/ports.ts';
import { type Lane, steerConcurrency } from '../../../src/transfer/concurrency/steer-concurrency.ts';
import { MiB } from '../../support/files.ts';

const refused = (status: number, more: { readonly quota?: boolean } = {}): RequestError =>
  new RequestError({
    endpoint: 'part',
    kind: 'status',
    reason: `http-${status}`,
    message: 'refused',
    status,
    retryable: true,
    mayBeDone: false,
    ...more,
  });

function steered() {
  let nowMs = 0;
  const clock: Clock = { now: () => nowMs, sleep: async () => {} };
  const limit: Limit = Object.assign(<T>(effect: () => Promise<T>) => effect(), { concurrency: 4 });
  const steering = steerConcurrency(limit, clock);
  const never = new AbortController().signal;
  const begin = async (lane: Lane = steering.lane(8 * MiB)): Promise<Lane> => {
    await lane.enter(never);
    lane.started();
    return lane;
  };
  return {
    limit,
    lane: () => steering.lane(8 * MiB),
    begin,
    beginAll: (count: number) => Promise.all(Array.from({ length: count }, () => begin())),
    sleep: (ms: number): void => {
      nowMs += ms;
    },
  };
}

/** Whether a promise is settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  promise.then(settle, settle);
  await new Promise(setImmediate);
  return settled;
}

describe('steering', () => {
  test('429 and 503 lower the limit below what was in flight; quota and other failures do not', async () => {
    const { limit, beginAll } = steered();
    const [one, two, three, four] = (await beginAll(4)) as [Lane, Lane, Lane, Lane];
    one.left(refused(500));
    two.left(refused(429, { quota: true }));
    expect(limit.concurrency).toBe(4);
    three.left(refused(503));
    expect(limit.concurrency).toBe(1);
    four.accepted();
    expect(limit.concurrency).toBe(1);
  });

  test('a refused part gives up its place, and goes on when one is free', async () => {
    const { limit, beginAll, begin } = steered();
    const [one, two, three, four] = (await beginAll(4)) as [Lane, Lane, Lane, Lane];
    three.left(refused(503));
    four.left(refused(503));
    expect(limit.concurrency).toBe(2);
    const again = [begin(three), begin(four)] as const;
    expect(await isSettled(again[0])).toBe(false);
    one.accepted();
    expect(await isSettled(again[0])).toBe(true);
    expect(await isSettled(again[1])).toBe(false);
    two.left(new Error('connection lost'));
    expect(await isSettled(again[1])).toBe(true);
  });

  test('an aborted wait rejects with the reason of its signal and holds no place', async () => {
    const { lane, beginAll, begin } = steered();
    const lanes = await beginAll(4);
    const gone = new AbortController();
    const waiting = lane().enter(gone.signal);
    const next = begin();
    gone.abort(new Error('interrupted'));
    await expect(waiting).rejects.toThrow('interrupted');
    expect(await isSettled(next)).toBe(false);
    lanes[0]?.accepted();
    expect(await isSettled(next)).toBe(true);
  });

  test('parts that take no longer raise the limit to 16', async () => {
    const { limit, begin, beginAll, sleep } = steered();
    let lanes = await beginAll(4);
    for (let round = 0; round < 20; round += 1) {
      sleep(1000);
      for (const lane of lanes) {
        lane.accepted();
        sleep(1);
      }
      lanes = await Promise.all(Array.from({ length: limit.concurrency }, () => begin()));
    }
    expect(limit.concurrency).toBe(16);
  });
});
