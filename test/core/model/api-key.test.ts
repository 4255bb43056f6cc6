import { expect, it } from 'vitest';
import { fixedKey, renewableKey } from '../../../src/core/model/api-key.ts';
import { holdsSecret } from '../../../src/core/policy/secrets.ts';

const { signal } = new AbortController();

it('a fixed key stays what it is', async () => {
  expect(fixedKey('k')).toMatchObject({ header: 'authorization' });
  const key = fixedKey('k', 'api-key');
  expect([key.header, key.now(), await key.renewed('k', signal)]).toEqual(['api-key', 'k', false]);
});

/** A key whose answers are numbered, and a clock that the test sets. */
function scene() {
  const clock = { ms: 0 };
  const asked: string[] = [];
  const key = renewableKey(
    'first',
    'api-key',
    async () => {
      asked.push(`renewed-key-${asked.length + 1}`);
      return asked.at(-1) as string;
    },
    () => clock.ms,
  );
  return { key, asked, clock };
}

it('a refused key is renewed once for all requests that were refused with it', async () => {
  const { key, asked } = scene();
  expect([key.header, key.now()]).toEqual(['api-key', 'first']);
  const answers = await Promise.all([1, 2, 3].map(() => key.renewed('first', signal)));
  expect(answers).toEqual([true, true, true]);
  expect(asked).toEqual(['renewed-key-1']);
  expect(key.now()).toBe('renewed-key-1');
  expect(holdsSecret('renewed-key-1')).toBe(true);
});

it('an older key that was refused is not a reason to ask again', async () => {
  const { key, asked, clock } = scene();
  await key.renewed('first', signal);
  clock.ms = 1e9;
  expect(await key.renewed('first', signal)).toBe(true);
  expect(asked).toHaveLength(1);
});

it('a key is renewed once a minute at most', async () => {
  const { key, asked, clock } = scene();
  await key.renewed('first', signal);
  clock.ms = 59_999;
  expect(await key.renewed('renewed-key-1', signal)).toBe(false);
  clock.ms = 60_000;
  expect(await key.renewed('renewed-key-1', signal)).toBe(true);
  expect(asked).toEqual(['renewed-key-1', 'renewed-key-2']);
});

it('a key that cannot be renewed stays, unless the run is over', async () => {
  const stop = new AbortController();
  const refuse = renewableKey(
    'first',
    'api-key',
    () => Promise.reject(new Error('no')),
    () => 0,
  );
  expect(refuse.trouble()).toBeUndefined();
  expect(await refuse.renewed('first', stop.signal)).toBe(false);
  expect(refuse.trouble()).toBe('no');
  const stopped = renewableKey(
    'first',
    'api-key',
    () => Promise.reject(new Error('no')),
    () => 0,
  );
  stop.abort(new Error('over'));
  await expect(stopped.renewed('first', stop.signal)).rejects.toThrow('over');
});
