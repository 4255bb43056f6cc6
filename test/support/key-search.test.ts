import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { placesOfKeys } from './key-search.ts';

test('finds a key in the output and in what was saved, and nowhere else', async () => {
  const home = await mkdtemp(join(tmpdir(), 'oai-key-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  await mkdir(join(home, 'oai-upload'));
  await writeFile(join(home, 'oai-upload', 'good'), 'nothing here');
  await writeFile(join(home, 'oai-upload', 'bad'), 'x sk-0123456789abc y');
  const env = { OPENAI_API_KEY: 'sk-0123456789abc', XDG_STATE_HOME: home };
  expect(await placesOfKeys(env, { stdout: 'fine', stderr: 'Bearer sk-0123456789abc' })).toEqual([
    'stderr',
    join(home, 'oai-upload', 'bad'),
  ]);
});
