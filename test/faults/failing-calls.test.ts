import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { BIN, type LiveCli, type Sandbox, sandbox, startProcess } from '../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../support/files.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { eachOf, figures, TORTURE } from '../support/torture.ts';
import { interruptedAt, pushArgs } from './resume/scene.ts';

const STRACE = '/usr/bin/strace';
const PART = 16 * KiB;
const SIZE = 5 * PART - 7;
/** No command takes longer than this, however its calls fail. */
const ENDLESS_MS = 120_000;

/** Calls that change a disk or make a lock. */
const calls = [
  'fdatasync',
  'fsync',
  'rename',
  'unlink',
  'bind',
  'listen',
  'mkdir',
  'ftruncate',
  'pwrite64',
  'link',
  'fchmod',
  'rmdir',
];
const errors = ['EIO', 'ENOSPC', 'EACCES'];
const moments = ['1', '2', '4', '1+'];

type Failing = { readonly call: string; readonly error: string; readonly when: string };
const every: readonly Failing[] = calls.flatMap(call =>
  errors.flatMap(error => moments.map(when => ({ call, error, when }))),
);
/** Outside of torture: each call once, always failing. */
const chosen = TORTURE ? every : calls.map((call, index) => ({ call, error: errors[index % 3] as string, when: '1+' }));

/** The built command, whose calls fail as told. */
const failing = (
  box: Sandbox,
  server: { readonly env: object },
  { call, error, when }: Failing,
  args: readonly string[],
) => {
  const inject = [
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    `trace=${call}`,
    '-e',
    `inject=${call}:error=${error}:when=${when}`,
  ];
  return startProcess(STRACE, [...inject, process.execPath, BIN, ...args], {
    cwd: box.work,
    env: { ...box.env, ...server.env },
    signal: AbortSignal.timeout(ENDLESS_MS),
  });
};

/** How it ended, or why that is wrong: a bug, a hang, a success that is none. */
async function troubleOf(run: LiveCli, codes: readonly number[]): Promise<string | undefined> {
  const { exitCode, signal, stderr } = await run.ended;
  if (signal) return `hung: ${stderr}`;
  if (stderr.includes('this is a bug')) return stderr;
  return codes.includes(exitCode ?? Number.NaN) ? undefined : `exit ${exitCode}: ${stderr}`;
}

/** Tries each failure, two at the same time, and expects no trouble. */
async function sweep(what: string, one: (failure: Failing) => Promise<string | undefined>): Promise<void> {
  const troubles: string[] = [];
  await eachOf(chosen, 2, async failure => {
    const trouble = await one(failure);
    if (trouble) troubles.push(`${failure.call} ${failure.error} ${failure.when}: ${trouble}`);
  });
  expect(troubles).toEqual([]);
  figures(`failing calls: ${what}: ${chosen.length} runs, 0 hangs, 0 bugs, 0 wrong`);
}

/** Stops what strace runs: strace itself blocks signals. */
async function stop({ pid }: LiveCli): Promise<void> {
  for (const child of (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean))
    process.kill(Number(child), 'SIGTERM');
}

/** The File that a run says that it made, and no other, is there and has the file's bytes. */
async function wrongFiles(server: TestServer, path: string, fileId: unknown): Promise<string | undefined> {
  const ids = (await server.files()).map(file => file['id']);
  if (JSON.stringify(ids) !== JSON.stringify([fileId])) return `Files ${ids}, the run says ${fileId}`;
  return (await server.md5(String(fileId))) === (await md5OfFile(path)) ? undefined : 'other bytes';
}

it.skipIf(!existsSync(STRACE))('12.30: push with failing system calls', { timeout: 3_600_000 }, () =>
  sweep('push', async failure => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    const path = await randomFile(box.path('f.bin'), SIZE);
    const run = failing(box, server, failure, pushArgs(path, PART));
    return (await troubleOf(run, [0])) ?? wrongFiles(server, path, (await run.ended).results()[0]?.['file_id']);
  }),
);

it.skipIf(!existsSync(STRACE))('12.30: resume with failing system calls', { timeout: 3_600_000 }, () =>
  sweep('resume', async failure => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    const path = await randomFile(box.path('f.bin'), SIZE);
    await interruptedAt(box, server, pushArgs(path, PART), 'part.finished', 2);
    const run = failing(box, server, failure, ['resume', '--all', '--json']);
    return (await troubleOf(run, [0])) ?? wrongFiles(server, path, (await run.ended).results()[0]?.['file_id']);
  }),
);

it.skipIf(!existsSync(STRACE))('12.30: cancel with failing system calls', { timeout: 3_600_000 }, () =>
  sweep('cancel', async failure => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    const path = await randomFile(box.path('f.bin'), SIZE);
    await interruptedAt(box, server, pushArgs(path, PART), 'part.finished', 2);
    const trouble = await troubleOf(failing(box, server, failure, ['cancel', '--all']), [0, 3]);
    const isCancelled = server.requests('cancel').some(({ status }) => status === 200);
    return trouble ?? ((await server.files()).length > 0 || !isCancelled ? 'not cancelled' : undefined);
  }),
);

it.skipIf(!existsSync(STRACE))(
  '12.30: serve with failing system calls loses nothing that it answered',
  {
    timeout: 3_600_000,
  },
  () =>
    sweep('serve', async failure => {
      const box = await sandbox();
      const path = await randomFile(box.path('f.bin'), SIZE);
      const serving = failing(box, { env: {} }, failure, ['serve', '--port', '0', '--dir', 'api', '--key-file', 'key']);
      await box.write('key', 'sk-test-0123456789\n');
      const url = await serving.line().catch(() => undefined);
      if (url === undefined) return troubleOf(serving, [1, 2, 3]);
      const env = { OPENAI_BASE_URL: url, OPENAI_API_KEY: 'sk-test-0123456789' };
      const push = await box.run([...pushArgs(path, PART), '--retries', '1'], { env });
      await stop(serving);
      const trouble = await troubleOf(serving, [0]);
      if (trouble || push.stderr.includes('this is a bug')) return trouble ?? push.stderr;
      if (push.exitCode !== 0) return undefined;
      const again = await testServer({ dir: box.path('api') });
      return wrongFiles(again, path, push.results()[0]?.['file_id']);
    }),
);
