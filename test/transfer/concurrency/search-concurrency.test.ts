import pLimit from 'p-limit';
import { describe, expect, test } from 'vitest';
import { RequestError } from '../../../src/core/errors/request-error.ts';
import type { Clock } from '../../../src/core/ports.ts';
import { type PartWatch, searchConcurrency } from '../../../src/transfer/concurrency/search-concurrency.ts';
import { createSlots, type Slot } from '../../../src/transfer/parts/slots.ts';
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

/** A part as `sendPart` carries it: it waits for a place, and gives it back when it is refused or done. */
type Sent = { accepted(): void; left(error: unknown): void; again(): Promise<void> };

function searched(roundTripMs?: number, limitRate?: number) {
  let nowMs = 0;
  const clock: Clock = { now: () => nowMs, monotonic: () => nowMs, sleep: async () => {} };
  const limit = pLimit(4);
  const slots = createSlots(limit).forFile();
  const search = searchConcurrency(limit, clock, () => roundTripMs, limitRate);
  const never = new AbortController().signal;
  const sending = (slot: Slot, watch: PartWatch): Sent => ({
    accepted: () => {
      watch.accepted();
      slot.release();
    },
    left: error => {
      watch.failed(error);
      slot.yieldIfOver();
    },
    again: async () => {
      await slot.retake(never);
      watch.started();
    },
  });
  const begin = async (signal: AbortSignal = never): Promise<Sent> => {
    const slot = await slots.take(signal);
    const watch = search.watch(8 * MiB);
    watch.started();
    return sending(slot, watch);
  };
  return {
    limit,
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

describe('the concurrency search', () => {
  test('429 and 503 lower the limit below what was in flight; quota and other failures do not', async () => {
    const { limit, beginAll } = searched();
    const [one, two, three, four] = (await beginAll(4)) as [Sent, Sent, Sent, Sent];
    one.left(refused(500));
    two.left(refused(429, { quota: true }));
    expect(limit.concurrency).toBe(4);
    three.left(refused(503));
    expect(limit.concurrency).toBe(1);
    four.accepted();
    expect(limit.concurrency).toBe(1);
  });

  test('a refused part gives up its place, and goes on when one is free', async () => {
    const { limit, beginAll } = searched();
    const [one, two, three, four] = (await beginAll(4)) as [Sent, Sent, Sent, Sent];
    three.left(refused(503));
    four.left(refused(503));
    expect(limit.concurrency).toBe(2);
    await isSettled(Promise.resolve());
    const again = [three.again(), four.again()] as const;
    expect(await isSettled(again[0])).toBe(false);
    one.accepted();
    expect(await isSettled(Promise.any(again))).toBe(true);
    expect(await isSettled(Promise.all(again))).toBe(false);
    two.accepted();
    expect(await isSettled(Promise.all(again))).toBe(true);
  });

  test('a refused part goes on before parts that were never sent', async () => {
    const { beginAll, begin } = searched();
    const [one, , three] = (await beginAll(4)) as [Sent, Sent, Sent, Sent];
    const fresh = begin();
    three.left(refused(503));
    const again = three.again();
    one.accepted();
    expect(await isSettled(again)).toBe(true);
    expect(await isSettled(fresh)).toBe(false);
  });

  test('a part refused alone keeps its place, so that nothing is sent while it waits', async () => {
    const { limit, beginAll, begin } = searched();
    const sent = await beginAll(4);
    for (const part of sent) part.left(refused(503));
    expect(limit.concurrency).toBe(1);
    await isSettled(Promise.resolve());
    expect(limit.activeCount).toBe(1);
    expect(await isSettled(begin())).toBe(false);
  });

  test('an aborted wait rejects with the reason of its signal and holds no place', async () => {
    const { beginAll, begin } = searched();
    const sent = await beginAll(4);
    const gone = new AbortController();
    const waiting = begin(gone.signal);
    const next = begin();
    gone.abort(new Error('interrupted'));
    await expect(waiting).rejects.toThrow('interrupted');
    expect(await isSettled(next)).toBe(false);
    sent[0]?.accepted();
    expect(await isSettled(next)).toBe(true);
  });

  test('parts that take no longer raise the limit to 16', async () => {
    const { limit, begin, beginAll, sleep } = searched();
    let sent = await beginAll(4);
    for (let round = 0; round < 20; round += 1) {
      sleep(1000);
      for (const part of sent) {
        part.accepted();
        sleep(1);
      }
      sent = await Promise.all(Array.from({ length: limit.concurrency }, () => begin()));
    }
    expect(limit.concurrency).toBe(16);
  });

  test('a far server starts with more, up to 14', async () => {
    for (const [roundTripMs, start] of [
      [undefined, 4],
      [1, 4],
      [100, 8],
      [5000, 14],
    ] as const) {
      const { limit, begin } = searched(roundTripMs);
      await begin();
      expect(limit.concurrency, `${roundTripMs} ms`).toBe(start);
    }
  });
});

describe('a limited rate', () => {
  test.each([
    { limitRate: 200_000, most: 1 },
    { limitRate: MiB, most: 1 },
    { limitRate: 2 * MiB, most: 2 },
    { limitRate: 100 * MiB, most: 4 },
  ])('is shared by so many parts that each takes at most ten seconds: $most at $limitRate B/s', async sample => {
    const { limit, begin } = searched(0, sample.limitRate);
    await begin();
    expect(limit.concurrency).toBe(sample.most);
  });
});
