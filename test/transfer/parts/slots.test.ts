import pLimit from 'p-limit';
import { expect, test } from 'vitest';
import { createSlots } from '../../../src/transfer/parts/slots.ts';

const never = new AbortController().signal;

test('files take turns: a small file does not wait for all the parts of a big one', async () => {
  const slots = createSlots(pLimit(1));
  const [big, small] = [slots.forFile(), slots.forFile()];
  const order: string[] = [];
  const send = async (file: typeof big, name: string): Promise<void> => {
    const slot = await file.take(never);
    order.push(name);
    slot.release();
  };
  await Promise.all([
    ...['big 1', 'big 2', 'big 3'].map(name => send(big, name)),
    ...['small 1', 'small 2'].map(name => send(small, name)),
  ]);
  expect(order).toEqual(['big 1', 'small 1', 'big 2', 'small 2', 'big 3']);
});

test('never more places than the limit, and none is lost, with some that give up', async () => {
  const limit = pLimit(3);
  const slots = createSlots(limit);
  let [held, most] = [0, 0];
  const send = async (file: ReturnType<typeof slots.forFile>, isGivenUp: boolean): Promise<void> => {
    const gone = new AbortController();
    const taking = file.take(gone.signal);
    if (isGivenUp) gone.abort(new Error('given up'));
    const slot = await taking.catch(() => undefined);
    held += slot ? 1 : 0;
    most = Math.max(most, held);
    await new Promise(setImmediate);
    held -= slot ? 1 : 0;
    slot?.release();
  };
  const files = [slots.forFile(), slots.forFile()];
  await Promise.all(Array.from({ length: 60 }, (_, at) => send(files[at % 2] as (typeof files)[0], at % 3 === 0)));
  expect(most).toBe(3);
  await new Promise(setImmediate);
  expect([limit.activeCount, limit.pendingCount]).toEqual([0, 0]);
});
