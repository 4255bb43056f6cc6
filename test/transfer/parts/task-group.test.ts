import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTaskGroup } from '../../../src/transfer/parts/task-group.ts';

const never = new AbortController().signal;

it('settles when all have', async () => {
  const group = createTaskGroup(never);
  const done: number[] = [];
  for (const turns of [3, 1, 2])
    group.spawn(async () => {
      for (let turn = 0; turn < turns; turn += 1) await setImmediate();
      done.push(turns);
    });
  await group.settled();
  expect(done).toEqual([1, 2, 3]);
});

it('rejects with the first error, never its echoes, when all have settled', async () => {
  const group = createTaskGroup(never);
  let settled = 0;
  for (let member = 0; member < 5; member += 1)
    group.spawn(async signal => {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error(`echo ${member}`))));
    });
  group.spawn(async signal => {
    await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    settled += 1;
  });
  group.spawn(async () => {
    await setImmediate();
    throw new Error('first');
  });
  await expect(group.settled()).rejects.toThrow('first');
  expect(settled).toBe(1);
});

it('waits for members that members spawn', async () => {
  const group = createTaskGroup(never);
  const done: string[] = [];
  group.spawn(async () => {
    await setImmediate();
    group.spawn(async () => {
      await setImmediate();
      done.push('inner');
    });
    done.push('outer');
  });
  await group.settled();
  expect(done).toEqual(['outer', 'inner']);
});

it('ends with the reason of the outer signal, once all have settled', async () => {
  const outer = new AbortController();
  const group = createTaskGroup(outer.signal);
  let isOver = false;
  group.spawn(async signal => {
    await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));
    await setImmediate();
    isOver = true;
  });
  outer.abort(new Error('interrupted'));
  await expect(group.settled()).rejects.toThrow('interrupted');
  expect(isOver).toBe(true);
});
