import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFolder } from '../../../src/io/state/make-folder.ts';

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'oai-folder-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('makes what is missing, private, and says where it began', async () => {
  const home = await scratch();
  expect(await makeFolder(join(home, 'a', 'b', 'c'))).toBe(join(home, 'a'));
  expect((await stat(join(home, 'a', 'b', 'c'))).mode & 0o777).toBe(0o700);
  expect(await makeFolder(join(home, 'a', 'b'))).toBeUndefined();
});

test('fails, and ends, where no folder can be', async () => {
  const home = await scratch();
  await writeFile(join(home, 'file'), '');
  await expect(makeFolder(join(home, 'file', 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  if (process.platform === 'linux') await expect(makeFolder('/proc/none/a')).rejects.toMatchObject({ code: 'ENOENT' });
});
