import { mkdir, rename } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { Fault } from '../../src/server/server.ts';
import { type LiveCli, type Sandbox, sandbox } from '../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../support/files.ts';
import { type TestServer, testServer } from '../support/server.ts';

const PART = 64 * KiB;
const PARTS = 10;
const FINISHED = 3;
/** The multipart head and tail of one part. */
const ENVELOPE = 1024;

const push = ['push', 'f.bin', '--purpose', 'assistants', '--part-size', '64KiB', '--concurrency', '2', '--json'];

it.each([
  { name: 'SIGINT', code: 130 },
  { name: 'SIGTERM', code: 143 },
  { name: 'SIGHUP', code: 129 },
] as const)('stops at $name within two seconds, and goes on from there', async ({ name, code }) => {
  const { box, server, md5 } = await scene();
  const run = await startToMiddle(box, server);
  const sentAtMs = performance.now();
  run.kill(name);
  const { exitCode, results, stderr } = await run.ended;
  expect(performance.now() - sentAtMs).toBeLessThan(2000);
  expect(exitCode, stderr).toBe(code);
  expect(results()).toHaveLength(1);
  expect(results()[0]).toMatchObject({
    status: 'interrupted',
    resumable: true,
    file_id: null,
    upload_id: expect.stringMatching(/^upload_/),
    parts: { total: PARTS, sent: FINISHED, resumed: 0 },
    bytes_sent: FINISHED * PART,
    error: { code: 'INTERRUPTED', exit_code: code },
  });
  await goesOn(box, server, md5, results()[0]?.['upload_id']);
});

it('goes on after kill -9', async () => {
  const { box, server, md5 } = await scene();
  const run = await startToMiddle(box, server);
  const { uploadId } = await run.event('upload.created');
  run.kill('SIGKILL');
  expect(await run.ended).toMatchObject({ exitCode: undefined, signal: 'SIGKILL', stdout: '' });
  await goesOn(box, server, md5, uploadId);
});

it('goes on after one kill after another', async () => {
  const { box, server, md5 } = await scene();
  await stopAt(await startToMiddle(box, server), 'SIGKILL');
  for (const [next, signal] of [
    [6, 'SIGINT'],
    [8, 'SIGKILL'],
  ] as const) {
    await server.restart({ faults: slow(next, next + 1) });
    const run = box.start([...push, '--progress=json'], server);
    await run.event('part.started', 4);
    await stopAt(run, signal);
  }
  await server.restart();
  const { exitCode, results } = await box.run(push, server);
  expect(exitCode).toBe(0);
  expect(results()[0]?.['parts']).toMatchObject({ total: PARTS, resumed: PARTS - 3, sent: 3 });
  expect(sorted(server.acceptedParts())).toEqual(everyPart);
  expect(await server.md5(results()[0]?.['file_id'])).toBe(md5);
});

it('tells people how to go on', async () => {
  const { box, server } = await scene();
  const run = box.start(push, server);
  await server.until(({ endpoint, status }) => endpoint === 'part' && status === 200, FINISHED);
  run.kill('SIGINT');
  const { stderr } = await run.ended;
  expect(stderr).toMatch(/interrupted by SIGINT/);
  expect(stderr).toMatch(/run the same command again/);
});

it('leaves at once at the second Ctrl-C', async () => {
  // Without a second one, the run would wait for its cancel and warn that it failed.
  const { box, server, md5 } = await scene({ endpoint: 'cancel', do: 'stall' });
  const run = box.start([...push, '--progress=json', '--cancel-on-interrupt'], server);
  await run.event('part.started', FINISHED + 2);
  await run.event('part.finished', FINISHED);
  run.kill('SIGINT');
  await run.event('part.stopped', 2);
  run.kill('SIGINT');
  const { exitCode, stderr } = await run.ended;
  expect(exitCode).toBe(130);
  expect(stderr).not.toContain('cancel-failed');
  await goesOn(box, server, md5);
});

it('goes on with a file that was moved', async () => {
  const { box, server, md5 } = await scene();
  const run = await startToMiddle(box, server);
  await stopAt(run, 'SIGINT');
  await mkdir(box.path('moved'));
  await rename(box.path('f.bin'), box.path('moved/f.bin'));
  await goesOn(box, server, md5, undefined, ['push', './moved/f.bin', ...push.slice(2)]);
});

it('starts from the first byte with --restart', async () => {
  const { box, server, md5 } = await scene();
  const run = await startToMiddle(box, server);
  await stopAt(run, 'SIGINT');
  await server.restart();
  const { exitCode, results } = await box.run([...push, '--restart'], server);
  expect(exitCode).toBe(0);
  expect(results()[0]?.['parts']).toMatchObject({ sent: PARTS, resumed: 0 });
  expect(server.requests('create')).toHaveLength(2);
  expect(await server.md5(results()[0]?.['file_id'])).toBe(md5);
});

it('keeps the part size of what is saved, and says so', async () => {
  const { box, server, md5 } = await scene();
  const run = await startToMiddle(box, server);
  await stopAt(run, 'SIGINT');
  const other = push.map(word => (word === '64KiB' ? '128KiB' : word));
  const { stderr } = await goesOn(box, server, md5, undefined, other);
  expect(stderr).toMatch(/keeps its part size.*--restart/);
});

type Scene = { readonly box: Sandbox; readonly server: TestServer; readonly md5: string };

/** A file of ten parts, and a server that takes a minute for parts 4 and 5 until it is started again: the middle of a push. */
async function scene(...faults: readonly Fault[]): Promise<Scene> {
  const box = await sandbox();
  const server = await testServer({ faults: [...slow(FINISHED + 1, FINISHED + 2), ...faults] });
  return { box, server, md5: await md5OfFile(await randomFile(box.path('f.bin'), PARTS * PART)) };
}

const slow = (...parts: readonly number[]): readonly Fault[] =>
  parts.map(part => ({ endpoint: 'part', part, do: 'slow', bytesPerSecond: KiB }));

/** Resolves when parts 1 to 3 are checkpointed, and 4 and 5 on their way. */
async function startToMiddle(box: Sandbox, { env }: TestServer): Promise<LiveCli> {
  const run = box.start([...push, '--progress=json'], { env });
  await run.event('part.finished', FINISHED);
  await run.event('part.started', FINISHED + 2);
  return run;
}

async function stopAt(run: LiveCli, signal: NodeJS.Signals): Promise<void> {
  run.kill(signal);
  await run.ended;
}

/** The same command again: it completes, and nothing that was finished travels again. */
async function goesOn(box: Sandbox, server: TestServer, md5: string, uploadId?: string, args = push) {
  await server.restart();
  const before = server.requests('part').length;
  const run = await box.run(args, server);
  expect(run.exitCode, run.stderr).toBe(0);
  const [result] = run.results();
  expect(result).toMatchObject({
    status: 'completed',
    md5,
    parts: { total: PARTS, sent: PARTS - FINISHED, resumed: FINISHED },
    bytes_sent: (PARTS - FINISHED) * PART,
    bytes_skipped: FINISHED * PART,
  });
  if (uploadId) expect(result?.['upload_id']).toBe(uploadId);
  expect(server.requests('create')).toHaveLength(1);
  expect(sorted(server.acceptedParts())).toEqual(everyPart);
  const again = server.requests('part').slice(before);
  expect(again).toHaveLength(PARTS - FINISHED);
  const bytes = again.reduce((sum, { bytesReceived }) => sum + bytesReceived, 0);
  expect(bytes).toBeGreaterThan((PARTS - FINISHED) * PART);
  expect(bytes).toBeLessThan((PARTS - FINISHED) * (PART + ENVELOPE));
  expect(await server.md5(result?.['file_id'])).toBe(md5);
  expect(await box.leftovers()).toEqual([]);
  return run;
}

const everyPart = Array.from({ length: PARTS }, (_, index) => index + 1);
const sorted = (parts: readonly number[]): readonly number[] => parts.toSorted((a, b) => a - b);
