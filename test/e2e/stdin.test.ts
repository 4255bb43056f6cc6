import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CliOptions, type Sandbox, sandbox } from '../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../support/files.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { shell } from '../support/shell.ts';

const PART = 64 * KiB;
const ARGS = ['push', '-', '--filename', 'x.jsonl', '--purpose', 'assistants', '--part-size', '64KiB'];
const FAULT_STALL = [{ endpoint: 'part', part: 4, do: 'stall' }] as const;

it('sends stdin, and keeps nothing of it', async () => {
  const { box, server, stdin } = await scene();
  const { exitCode, results, events, stderr } = await box.run([...ARGS, '--json', '--progress=json'], {
    ...server,
    stdin,
  });
  expect(exitCode, stderr).toBe(0);
  const md5 = await md5OfFile(box.path('input'));
  expect(results()).toMatchObject([{ status: 'completed', path: '-', filename: 'x.jsonl', bytes: 6 * PART, md5 }]);
  expect(await server.md5(results()[0]?.['file_id'])).toBe(md5);
  const read = events().filter(({ type }) => type === 'stdin.progress');
  expect(read.length).toBeGreaterThan(0);
  expect(await spool(box)).toEqual([]);
  expect(await box.leftovers()).toEqual([]);
});

it('gives a pipeline just the id', async () => {
  const { box, server } = await scene();
  const run = await shell('cat input | oai-upload push - --filename x.jsonl --purpose user_data', box, server);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.stdout).toBe(`${(await server.files())[0]?.['id']}\n`);
});

it.each([
  { name: 'without --filename', args: ['push', '-', '--purpose', 'user_data'], says: /--filename is missing/ },
  { name: 'beside a file', args: [...ARGS, 'input'], says: /--filename goes with one file only/ },
  { name: 'with --dry-run', args: [...ARGS, '--dry-run'], says: /--dry-run cannot plan stdin/ },
  { name: 'as a list too', args: [...ARGS, '--files-from', '-'], says: /not both/ },
  {
    name: 'not at all, with --size',
    args: ['push', 'input', '--purpose', 'user_data', '--size', '5'],
    says: /--size goes with stdin/,
  },
])('refuses stdin $name', async ({ args, says }) => {
  const { box, server } = await scene();
  const run = await box.run(args, server);
  expect(run).toMatchObject({ exitCode: 2, stdout: '' });
  expect(run.stderr).toMatch(says);
  expect(server.logs).toEqual([]);
});

it.each([
  { size: 6 * PART, exitCode: 0, reason: undefined },
  { size: 6 * PART - 1, exitCode: 3, reason: 'size-differs' },
  { size: 6 * PART + 1, exitCode: 3, reason: 'size-differs' },
])('holds stdin to --size $size', async ({ size, exitCode, reason }) => {
  const { box, server, stdin } = await scene();
  const run = await box.run([...ARGS, '--size', String(size), '--json'], { ...server, stdin });
  expect(run.exitCode, run.stderr).toBe(exitCode);
  expect(run.results()[0]?.['error']?.reason).toBe(reason);
  expect(await server.files()).toHaveLength(exitCode === 0 ? 1 : 0);
  expect(await spool(box)).toEqual([]);
});

it('refuses an empty stdin', async () => {
  const { box, server } = await scene();
  const run = await box.run(ARGS, server);
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/x\.jsonl is empty/);
  expect(await spool(box)).toEqual([]);
});

it('keeps nothing where nothing was begun', async () => {
  const { box, server, stdin } = await scene([{ endpoint: 'create', do: 'status', status: 503 }]);
  const run = await box.run([...ARGS, '--retries', '0', '--json'], { ...server, stdin });
  expect(run.exitCode).toBe(5);
  expect(run.results()[0]).toMatchObject({ resumable: false });
  expect(await spool(box)).toEqual([]);
});

describe.each(['SIGKILL', 'SIGINT'] as const)('after %s', signal => {
  it('resumes from what was kept, readable by its owner only', async () => {
    const { box, server, stdin } = await scene(FAULT_STALL);
    await interrupted(box, server, { stdin }, signal);
    const [kept] = await spool(box);
    expect((await stat(kept as string)).mode & 0o777).toBe(0o600);
    await server.restart();
    const run = await box.run(['resume', '--all', '--json'], server);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.results()).toMatchObject([
      { status: 'completed', filename: 'x.jsonl', path: kept, parts: { resumed: 5 } },
    ]);
    expect(await server.md5(run.results()[0]?.['file_id'])).toBe(await md5OfFile(box.path('input')));
    expect(await spool(box)).toEqual([]);
    expect(await box.leftovers()).toEqual([]);
  });

  it('goes on when the same is piped in again', async () => {
    const { box, server, stdin } = await scene(FAULT_STALL);
    await interrupted(box, server, { stdin }, signal);
    await server.restart();
    const run = await box.run([...ARGS, '--json'], { ...server, stdin });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.results()).toMatchObject([{ status: 'completed', parts: { sent: 1, resumed: 5 } }]);
    expect(await spool(box)).toEqual([]);
  });

  it('is forgotten by cancel', async () => {
    const { box, server, stdin } = await scene(FAULT_STALL);
    await interrupted(box, server, { stdin }, signal);
    expect(await spool(box)).toHaveLength(1);
    const run = await box.run(['cancel', '--all'], server);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(await spool(box)).toEqual([]);
  });
});

it('never sends what it was killed reading, and clean removes it', async () => {
  const { box, server, stdin } = await scene();
  const live = box.start([...ARGS, '--progress=json'], { ...server, stdin, stdinStaysOpen: true });
  await live.event('stdin.progress');
  await expect.poll(() => spool(box)).toHaveLength(2);
  const other = await box.run(['clean'], server);
  expect(other.exitCode).toBe(0);
  expect(await spool(box)).toHaveLength(2);
  live.kill('SIGKILL');
  await live.ended;
  expect((await box.run(['list', '--json'])).stdout).toBe('');
  const run = await box.run(['clean', '--json']);
  expect(run.results()).toMatchObject([{ spools: 1 }]);
  expect(await spool(box)).toEqual([]);
  expect(server.logs).toEqual([]);
});

it('stops reading at once when interrupted', async () => {
  const { box, server, stdin } = await scene();
  const live = box.start([...ARGS, '--progress=json', '--json'], { ...server, stdin, stdinStaysOpen: true });
  await live.event('stdin.progress');
  const startedAtMs = performance.now();
  live.kill('SIGINT');
  const run = await live.ended;
  expect(run.exitCode, run.stderr).toBe(130);
  expect(performance.now() - startedAtMs).toBeLessThan(2000);
  expect(run.results()).toMatchObject([{ status: 'interrupted', path: '-', resumable: false }]);
  expect(await spool(box)).toEqual([]);
});

it('says where stdin cannot be kept', async () => {
  const { box, server, stdin } = await scene();
  await box.write('taken', '');
  const run = await box.run([...ARGS, '--state-dir', 'taken/x'], { ...server, stdin });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/stdin cannot be kept in .*taken.*\n.*--state-dir/);
});

type Faults = NonNullable<Parameters<typeof testServer>[0]>['faults'];

async function scene(faults: Faults = []) {
  const box = await sandbox();
  const stdin = await readFile(await randomFile(box.path('input'), 6 * PART));
  return { box, stdin, server: await testServer({ faults }) };
}

/** Runs until the five parts that are not stalled have been accepted. */
async function interrupted(
  box: Sandbox,
  server: TestServer,
  options: CliOptions,
  signal: NodeJS.Signals,
): Promise<void> {
  const live = box.start([...ARGS, '--progress=json'], { ...server, ...options });
  await live.event('part.finished', 5);
  live.kill(signal);
  await live.ended;
}

const spool = async (box: Sandbox): Promise<readonly string[]> =>
  (await box.stateFiles()).filter(name => name.startsWith('spool')).map(name => join(box.stateDir, name));
