import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type Json, sandbox } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { KiB, randomFile } from '../support/files.ts';
import { KEY, testServer } from '../support/server.ts';

const PARTS = 8;

async function scene(bytesPerSecond?: number) {
  const box = await sandbox();
  const server = await testServer(bytesPerSecond === undefined ? {} : { bytesPerSecond });
  await randomFile(box.path('data.bin'), PARTS * 64 * KiB, 'trace');
  const push = ['push', 'data.bin', '--purpose', 'assistants', '--part-size', '64KiB', '--progress=json'];
  const entries = async (): Promise<readonly Json[]> =>
    JSON.parse(await readFile(box.path('trace.json'), 'utf8').catch(() => '{}'))['traceEvents'] ?? [];
  return { box, server, push, entries };
}

it('writes the run as a Chrome trace, without the key', async () => {
  const { box, server, push, entries } = await scene();
  const { exitCode, stderr } = await box.run([...push, '--trace', 'trace.json'], server);
  expect(exitCode, stderr).toBe(0);
  const ends = (await entries()).filter(({ ph }) => ph === 'E');
  expect(ends).toHaveLength(PARTS);
  expect(ends.every(({ args }) => args.status === 200 && args.sent === 64 * KiB && args.request_id)).toBe(true);
  expect((await entries()).filter(({ ph, name }) => ph === 'e' && name === 'completing')).toHaveLength(1);
  expect(await readFile(box.path('trace.json'), 'utf8')).not.toContain(KEY);
});

it.each(['SIGINT', 'SIGKILL'] as const)('leaves a whole file at %s', async signal => {
  const { box, server, push, entries } = await scene(8 * KiB);
  const run = box.start(push, { env: { ...server.env, OAI_UPLOAD_TRACE: 'trace.json' } });
  await run.event('part.started', 4);
  await eventually('the trace names a part', async () =>
    (await entries().catch(() => [])).some(({ ph }) => ph === 'B'),
  );
  run.kill(signal);
  await run.ended;
  const begun = (await entries()).filter(({ ph }) => ph === 'B').length;
  expect(begun).toBeGreaterThan(0);
  if (signal === 'SIGINT') expect((await entries()).filter(({ ph }) => ph === 'E')).toHaveLength(begun);
});

it.runIf(process.platform === 'linux')('warns once of a disk that is full, and uploads', async () => {
  const { box, server, push } = await scene();
  const { exitCode, stderr } = await box.run([...push, '--trace', '/dev/full'], server);
  expect(exitCode).toBe(0);
  expect(stderr.split('the trace cannot be written')).toHaveLength(2);
});
