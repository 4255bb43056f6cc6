import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { sandbox } from '../../support/cli.ts';
import { push, UploadError, type UploadEvent } from '../../support/library.ts';
import { behaviours } from './behaviours.ts';
import { CONTENT, hostileServer } from './hostile-server.ts';
import { holdsKey, KEY } from './key.ts';

const echoing = behaviours.filter(({ name }) => name.startsWith('echoes'));

/** All that a program can read of a value, stacks and causes included. */
const everythingOf = (value: unknown): string =>
  `${JSON.stringify(value)} ${inspect(value, { depth: 20, showHidden: true })}`;

it.each(echoing)('12.14: the library tells nothing where a server $name', async ({ behave }) => {
  const box = await sandbox();
  const path = await box.write('f.txt', CONTENT);
  for (const endpoint of ['create', 'complete'] as const) {
    const { url } = await hostileServer(endpoint, behave);
    const told: UploadEvent[] = [];
    const ended = await push(path, {
      ...{ purpose: 'user_data', retries: 0, baseUrl: url, apiKey: KEY, stateDir: box.stateDir },
      onEvent: event => void told.push(event),
    }).catch(error => error);
    expect(ended instanceof UploadError || ended.status === 'completed').toBe(true);
    expect(holdsKey(everythingOf(ended))).toBe(false);
    expect(holdsKey(everythingOf(told))).toBe(false);
  }
});
