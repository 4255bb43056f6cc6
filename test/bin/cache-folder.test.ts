import { chmod, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sandbox } from '../support/cli.ts';

type Process = { readonly env: Readonly<Record<string, string>>; readonly getuid: (() => number) | undefined };
type CacheFolder = { privateCacheFolder(process: Process): string | undefined };

const { privateCacheFolder } = createRequire(import.meta.url)('../../bin/cache-folder.js') as CacheFolder;
const { getuid } = process;

/** A cache home of its own, and what the command takes from there. */
async function scene(user = getuid) {
  const home = join((await sandbox()).dir, 'cache');
  await mkdir(home, { mode: 0o700 });
  const folder = join(home, 'oai-upload');
  return { home, folder, found: () => privateCacheFolder({ env: { XDG_CACHE_HOME: home }, getuid: user }) };
}

it('13.11: makes a private folder for compiled code, and finds it again', async () => {
  const { folder, found } = await scene();
  expect(found()).toBe(folder);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect(found()).toBe(folder);
});

it('13.11: makes the cache home too, as private', async () => {
  const home = join((await sandbox()).dir, 'not/yet');
  expect(privateCacheFolder({ env: { XDG_CACHE_HOME: home }, getuid })).toBe(join(home, 'oai-upload'));
  expect((await stat(home)).mode & 0o777).toBe(0o700);
});

it.each([
  ['others may enter', 0o755],
  ['others may write', 0o777],
  ['the group may read', 0o740],
])('13.11: refuses a folder that %s', async (_what, mode) => {
  const { folder, found } = await scene();
  await mkdir(folder);
  await chmod(folder, mode);
  expect(found()).toBeUndefined();
});

it('13.11: refuses a link to a private folder, and a file', async () => {
  const { home, folder, found } = await scene();
  await mkdir(join(home, 'elsewhere'), { mode: 0o700 });
  await symlink(join(home, 'elsewhere'), folder);
  expect(found()).toBeUndefined();
  const other = await scene();
  await writeFile(other.folder, '');
  expect(other.found()).toBeUndefined();
});

it('13.11: refuses the folder of another user', async () => {
  const { folder, found } = await scene(() => (getuid?.() ?? 0) + 1);
  await mkdir(folder, { mode: 0o700 });
  expect(found()).toBeUndefined();
});

it('13.11: refuses a cache home where others may put another folder in its place', async () => {
  const { home, found } = await scene();
  await chmod(home, 0o777);
  expect(found()).toBeUndefined();
  await chmod(home, 0o1777);
  expect(found()).toBeDefined();
});

it('13.11: does without where no folder can be made, and on systems without owners', async () => {
  const box = await sandbox();
  const file = await box.write('file', '');
  expect(privateCacheFolder({ env: { XDG_CACHE_HOME: file }, getuid })).toBeUndefined();
  expect(privateCacheFolder({ env: { XDG_CACHE_HOME: box.dir }, getuid: undefined })).toBeUndefined();
  expect(await readdir(box.dir)).not.toContain('oai-upload');
});

it('13.11: takes no relative cache home', async () => {
  const box = await sandbox();
  const { exitCode } = await box.run(['--version'], { env: { XDG_CACHE_HOME: 'relative' } });
  expect(exitCode).toBe(0);
  expect(await readdir(box.work)).toEqual([]);
});
