import { mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MARKER } from '../../../src/server/store/claim-folder.ts';
import { sandbox } from '../../support/cli.ts';
import { local, scratchFolder } from '../support/local.ts';

const LONG_AGO = 1000;

it('12.1: makes a folder of its own, and uses it again', async () => {
  const dir = join(await scratchFolder(), 'new');
  await local({ dir });
  expect((await readdir(dir)).sort()).toEqual([MARKER, 'files', 'uploads']);
  await local({ dir });
});

it('12.1: deletes nothing of a user, whatever its name and age', async () => {
  const dir = await scratchFolder();
  await local({ dir });
  const foreign = ['.git', '.env', '.venv', '.req_short', `.req_${'g'.repeat(32)}`];
  for (const name of foreign) {
    await mkdir(join(dir, 'files', name));
    await utimes(join(dir, 'files', name), LONG_AGO, LONG_AGO);
  }
  const ours = `.req_${'0'.repeat(32)}`;
  await mkdir(join(dir, 'files', ours));
  await utimes(join(dir, 'files', ours), LONG_AGO, LONG_AGO);
  const link = `.req_${'1'.repeat(32)}`;
  await symlink(dir, join(dir, 'files', link));
  await local({ dir });
  expect((await readdir(join(dir, 'files'))).sort()).toEqual([...foreign, link].sort());
});

it.each([
  { name: 'a file of a user', make: (dir: string) => writeFile(join(dir, 'notes.txt'), 'mine') },
  { name: 'a repository', make: (dir: string) => mkdir(join(dir, 'files', '.git'), { recursive: true }) },
  { name: 'a marker that is a link', make: (dir: string) => symlink('/etc/hostname', join(dir, MARKER)) },
  { name: 'a marker of something else', make: (dir: string) => writeFile(join(dir, MARKER), 'something else') },
])('12.1: serve and push --local refuse a folder with $name, and change nothing', async ({ make }) => {
  const box = await sandbox();
  await mkdir(box.path('folder'));
  await make(box.path('folder'));
  const before = await readdir(box.path('folder'), { recursive: true });
  await box.write('f', 'x');
  const runs = [
    ['serve', '--dir', 'folder'],
    ['push', 'f', '--purpose', 'user_data', '--local', '--local-dir', 'folder'],
  ];
  for (const args of runs) {
    const run = await box.run(args);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toMatch(/was not made by oai-upload: nothing was changed in it/);
  }
  expect(await readdir(box.path('folder'), { recursive: true })).toEqual(before);
});

it('12.1: accepts a folder of an earlier version, which has no marker', async () => {
  const dir = await scratchFolder();
  const before = await local({ dir });
  const id = await before.create();
  await rm(join(dir, MARKER));
  const after = await local({ dir });
  expect((await after.json('POST', `/uploads/${id}/cancel`)).body['status']).toBe('cancelled');
});

it('12.8: one torn record hides no other', async () => {
  const api = await local();
  const ids = [await api.create(), await api.create()];
  for (const id of ids) {
    const part = await api.part(id, 'hello world');
    await api.complete(id, [String(part.body['id'])]);
  }
  const torn = `file-${ids[0]?.slice('upload_'.length)}`;
  await writeFile(join(api.dir, 'files', torn, 'file.json'), '{"id":');
  const list = await api.json('GET', '/files');
  expect(list.status).toBe(200);
  expect(list.body['data']?.length).toBe(1);
  expect((await api.json('GET', `/files/${torn}`)).status).toBe(404);
});
