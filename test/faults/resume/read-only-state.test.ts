import { execFileSync, spawnSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sandbox, startProcess } from '../../support/cli.ts';
import { KiB, randomFile } from '../../support/files.ts';
import { testServer } from '../../support/server.ts';
import { inside, interruptedAt, pushArgs, restartsOf } from './scene.ts';

const BIN = join(import.meta.dirname, '../../../bin/oai-upload.js');
const canBeNobody = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0;

it.skipIf(!canBeNobody).each(['resume', 'push'])(
  '12.9: a state folder that became read-only makes no second File, with %s',
  async again => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    const path = await randomFile(box.path('f.bin'), 6 * 16 * KiB);
    const args = pushArgs(path, 16 * KiB);
    expect((await interruptedAt(box, server, args, 'part.finished', 3)).exitCode).toBe(130);
    execFileSync('chmod', ['-R', 'a+rX,a-w', box.stateDir]);
    execFileSync('sh', [
      '-c',
      'p="$1"; while [ "$p" != / ]; do chmod a+rx "$p"; p=$(dirname "$p"); done',
      'sh',
      box.stateDir,
    ]);
    const asNobody = (...command: readonly string[]) =>
      startProcess('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, BIN, ...command], {
        cwd: box.work,
        env: { ...box.env, ...server.env },
      }).ended;
    // The saved upload must be this user's own, or it does not count.
    execFileSync('chown', ['-R', '65534:65534', box.stateDir]);
    const first = await asNobody('resume', '--all', '--json');
    expect(first.exitCode, first.stderr).toBe(0);
    const second = await asNobody(...(again === 'resume' ? ['resume', '--all', '--json'] : args));
    expect(second.exitCode, second.stderr).toBe(0);
    expect(second.results()).toMatchObject([{ status: 'completed', bytes_sent: 0, bytes_skipped: 6 * 16 * KiB }]);
    expect(second.results()[0]?.['file_id']).toBe(first.results()[0]?.['file_id']);
    expect(await server.files()).toHaveLength(1);
    await chmod(box.stateDir, 0o700);
  },
);

it('12.9: the same where the upload expired meanwhile', async () => {
  const [box, server] = await Promise.all([sandbox(), testServer({ lifetimeMs: 60_000 })]);
  const path = await randomFile(box.path('f.bin'), 6 * 16 * KiB);
  const args = pushArgs(path, 16 * KiB);
  expect((await interruptedAt(box, server, args, 'part.finished', 3)).exitCode).toBe(130);
  const [journal] = (await box.journals()) as [string];
  execFileSync('cp', [journal, `${journal}.kept`]);
  expect((await inside(box, server, args)).exitCode).toBe(0);
  // As a run leaves it whose journal could not be written.
  execFileSync('mv', [`${journal}.kept`, journal]);
  const run = await inside(box, server, args);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(await server.files()).toHaveLength(1);
});

it('12.9: a key that may not list Files starts over all the same', async () => {
  const faults = [{ endpoint: 'files', do: 'status', status: 403 }] as const;
  const [box, server] = await Promise.all([sandbox(), testServer({ faults })]);
  const path = await randomFile(box.path('f.bin'), 6 * 16 * KiB);
  const args = pushArgs(path, 16 * KiB);
  expect((await interruptedAt(box, server, args, 'part.finished', 3)).exitCode).toBe(130);
  const [journal] = (await box.journals()) as [string];
  execFileSync('cp', [journal, `${journal}.kept`]);
  await inside(box, server, ['cancel', '--all']);
  execFileSync('mv', [`${journal}.kept`, journal]);
  const run = await inside(box, server, args);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(restartsOf(run)).toEqual(['upload gone']);
});
