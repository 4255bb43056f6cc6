import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { withOwnSignal } from '../../src/engine/own-signal.ts';

it('12.25: a file leaves nothing on the signal of the run', async () => {
  const run = new AbortController();
  for (let file = 0; file < 100; file += 1) {
    const work = withOwnSignal(run.signal, async own => {
      AbortSignal.any([own]);
      if (file === 50) throw new Error('it failed');
      return getEventListeners(run.signal, 'abort').length;
    });
    if (file === 50) await expect(work).rejects.toThrow('it failed');
    else expect(await work).toBe(1);
  }
  expect(getEventListeners(run.signal, 'abort')).toEqual([]);
});

it('the reason of the run is that of the file, also where it came first', async () => {
  const reason = new Error('enough');
  const run = new AbortController();
  const stopped = withOwnSignal(
    run.signal,
    own => new Promise((_resolve, reject) => own.addEventListener('abort', () => reject(own.reason))),
  );
  run.abort(reason);
  await expect(stopped).rejects.toBe(reason);
  await withOwnSignal(run.signal, async own => expect(own).toMatchObject({ aborted: true, reason }));
});
