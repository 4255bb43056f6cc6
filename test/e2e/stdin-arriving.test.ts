import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LiveCli, type Sandbox, sandbox } from '../support/cli.ts';
import { MiB, md5OfFile, randomFile } from '../support/files.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { shell } from '../support/shell.ts';

const PART = MiB;
const PARTS = 6;
const SIZE = 5.5 * PART;
const HALF = 2.5 * PART;
const ARGS = ['push', '-', '--filename', 'x.bin', '--purpose', 'assistants', '--part-size', '1MiB'];
const SIZED = [...ARGS, '--size', String(SIZE), '--json', '--progress=json'];
const STALLED_PART = [{ endpoint: 'part', part: 4, do: 'stall' }] as const;
const FAILED_PART = [{ endpoint: 'part', part: 2, do: 'status', status: 503 }] as const;

describe('stdin of a size that is given', () => {
  it.each([{ more: [] }, { more: ['--no-md5'] }])('is sent while it still arrives $more', async ({ more }) => {
    const { box, server, bytes } = await scene();
    const live = box.start([...SIZED, ...more], { ...server, stdin: bytes.subarray(0, HALF), stdinStaysOpen: true });
    await live.event('part.finished', 2);
    expect(server.acceptedParts().toSorted()).toEqual([1, 2]);
    live.feed(bytes.subarray(HALF));
    // Its end is not known before stdin ends.
    await live.event('part.finished', PARTS - 1);
    expect(server.acceptedParts().toSorted()).toEqual([1, 2, 3, 4, 5]);
    live.endStdin();
    const { exitCode, stderr, results } = await live.ended;
    expect(exitCode, stderr).toBe(0);
    const md5 = await md5OfFile(box.path('input'));
    expect(results()).toMatchObject([
      { status: 'completed', path: '-', bytes: SIZE, md5: more.length ? null : md5, parts: { sent: PARTS } },
    ]);
    expect(await server.md5(results()[0]?.['file_id'])).toBe(md5);
    expect(await spool(box)).toEqual([]);
    expect(await box.leftovers()).toEqual([]);
  });

  it('begins no upload before there is a part to send', async () => {
    const { box, server, bytes } = await scene();
    const live = box.start(SIZED, { ...server, stdin: bytes.subarray(0, PART - 1), stdinStaysOpen: true });
    await live.event('stdin.progress');
    live.endStdin();
    expect(await live.ended).toMatchObject({ exitCode: 3 });
    expect(server.logs).toEqual([]);
    expect(await spool(box)).toEqual([]);
  });

  it.each([
    { what: 'ends early', rest: () => new Uint8Array(), says: /ended after 2621440 bytes/, accepted: 2 },
    { what: 'goes on', rest: tooMuch, says: /goes on after the 5767168 bytes/, accepted: PARTS - 1 },
  ])('completes nothing where it $what', async ({ rest, says, accepted }) => {
    const { box, server, bytes } = await scene();
    const live = box.start(SIZED, { ...server, stdin: bytes.subarray(0, HALF), stdinStaysOpen: true });
    await live.event('part.finished', 2);
    const more = rest(bytes);
    live.feed(more.subarray(0, bytes.length - HALF));
    await live.event('part.finished', accepted);
    live.feed(more.subarray(bytes.length - HALF));
    if (more.length === 0) live.endStdin();
    const { exitCode, results } = await live.ended;
    expect(exitCode).toBe(3);
    expect(results()).toMatchObject([{ status: 'failed', resumable: false, error: { reason: 'size-differs' } }]);
    expect(results()[0]?.['error'].message).toMatch(says);
    expect(server.acceptedParts()).toHaveLength(accepted);
    await expectNothingLeft(box, server);
  });

  it('fails with a producer that broke, which a pipe alone does not tell', async () => {
    const { box, server } = await scene();
    const pipe = (more: string) =>
      shell(`sh -c 'head -c 100 input; exit 1' | oai-upload ${ARGS.join(' ')} ${more}`, box, server);
    expect(await pipe('')).toMatchObject({ exitCode: 0 });
    expect(await pipe('--size 200')).toMatchObject({ exitCode: 3 });
    expect(await server.files()).toHaveLength(1);
  });

  it('is not read on where no upload could be begun', async () => {
    const { box, server, bytes } = await scene([{ endpoint: 'create', do: 'status', status: 401 }]);
    const run = await box.start(SIZED, { ...server, stdin: bytes.subarray(0, HALF), stdinStaysOpen: true }).ended;
    expect(run).toMatchObject({ exitCode: 4 });
    expect(await spool(box)).toEqual([]);
  });

  it('is not sent where it was uploaded before, with --skip-uploaded', async () => {
    const { box, server, bytes } = await scene();
    const first = await box.run(SIZED, { ...server, stdin: bytes });
    const run = await box.run([...SIZED, '--skip-uploaded'], { ...server, stdin: bytes });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.results()).toMatchObject([{ status: 'skipped', file_id: first.results()[0]?.['file_id'] }]);
    expect(server.requests('create')).toHaveLength(1);
    expect(await spool(box)).toEqual([]);
  });

  it('is left alone by clean while it arrives', async () => {
    const { box, server, bytes } = await scene();
    const live = await halfArrived(box, server, bytes);
    expect((await box.run(['clean', '--json'])).results()).toMatchObject([{ forgotten: 0, spools: 0 }]);
    live.feed(bytes.subarray(HALF));
    live.endStdin();
    expect(await live.ended).toMatchObject({ exitCode: 0 });
  });
});

it.each(['SIGINT', 'SIGTERM'] as const)('keeps nothing of a stdin that %s cut short, and says so', async signal => {
  const { box, server, bytes } = await scene();
  const live = await halfArrived(box, server, bytes);
  live.kill(signal);
  const { exitCode, results } = await live.ended;
  expect(exitCode).toBe(signal === 'SIGINT' ? 130 : 143);
  expect(results()).toMatchObject([{ status: 'interrupted', resumable: false }]);
  expect(results()[0]?.['error'].hint).toMatch(/not read to its end.*pipe it in again/);
  await expectNothingLeft(box, server);
});

describe('after kill -9 while stdin arrived', () => {
  it('is not resumable, and clean removes it', async () => {
    const { box, server, bytes } = await scene();
    await killedHalfway(box, server, bytes);
    expect((await box.run(['list', '--json'])).results()).toMatchObject([{ state: 'missing', parts: { done: 2 } }]);
    const run = await box.run(['resume', '--all', '--json'], server);
    expect(run).toMatchObject({ exitCode: 3 });
    expect(run.results()).toMatchObject([{ resumable: false, error: { reason: 'not-whole' } }]);
    expect((await box.run(['clean', '--json'])).results()).toMatchObject([{ forgotten: 1 }]);
    expect((await box.run(['list', '--json'])).stdout).toBe('');
    expect(await spool(box)).toEqual([]);
    expect(await server.files()).toEqual([]);
  });

  it('16.13: is missing, so cancel --missing cancels it', async () => {
    const { box, server, bytes } = await scene();
    await killedHalfway(box, server, bytes);
    const { exitCode, stdout, stderr } = await box.run(['cancel', '--missing'], server);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^upload_\w+\n$/);
    expect((await box.run(['list', '--json'])).stdout).toBe('');
    expect(await server.files()).toEqual([]);
  });

  it('never goes into the upload of other bytes', async () => {
    const { box, server, bytes } = await scene();
    await killedHalfway(box, server, bytes);
    const other = await readFile(await randomFile(box.path('other'), SIZE, 'other'));
    const run = await box.run(SIZED, { ...server, stdin: other });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.results()).toMatchObject([{ parts: { sent: PARTS, resumed: 0 } }]);
    expect(await server.md5(run.results()[0]?.['file_id'])).toBe(await md5OfFile(box.path('other')));
  });

  it('goes on when the same is piped in again', async () => {
    const { box, server, bytes } = await scene();
    await killedHalfway(box, server, bytes);
    const run = await box.run(SIZED, { ...server, stdin: bytes });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.results()).toMatchObject([{ parts: { sent: PARTS - 2, resumed: 2 } }]);
    expect(await server.md5(run.results()[0]?.['file_id'])).toBe(await md5OfFile(box.path('input')));
    expect(await spool(box)).toEqual([]);
    expect(await box.leftovers()).toEqual([]);
  });
});

it.each(['SIGKILL', 'SIGINT'] as const)('resumes what had arrived when %s came', async signal => {
  const { box, server, bytes } = await scene(STALLED_PART);
  const live = box.start(SIZED, { ...server, stdin: bytes });
  await live.event('part.finished', PARTS - 1);
  live.kill(signal);
  await live.ended;
  expect((await box.run(['list', '--json'])).results()).toMatchObject([{ state: 'resumable', parts: { done: 5 } }]);
  await server.restart();
  await expectResumed(box, server, { sent: 1, resumed: 5 });
});

describe('where the server fails while stdin arrives', () => {
  it('reads on, so that nothing of it is lost', async () => {
    const { box, server, bytes } = await scene(FAILED_PART);
    const live = await readingOn(box, server, bytes);
    live.feed(bytes.subarray(HALF));
    live.endStdin();
    const { exitCode, results } = await live.ended;
    expect(exitCode).toBe(5);
    expect(results()).toMatchObject([{ status: 'failed', resumable: true }]);
    await server.restart();
    await expectResumed(box, server, { total: PARTS });
  });

  it('keeps nothing if it is interrupted then', async () => {
    const { box, server, bytes } = await scene(FAILED_PART);
    const live = await readingOn(box, server, bytes);
    live.kill('SIGINT');
    const { exitCode, results } = await live.ended;
    expect(exitCode).toBe(130);
    expect(results()).toMatchObject([{ status: 'interrupted', resumable: false }]);
    await expectNothingLeft(box, server);
  });
});

it('starts over from the spool, once all is there, where the hour ends while it arrives', async () => {
  const { box, server, bytes } = await scene([], 1);
  const live = box.start(SIZED, { ...server, stdin: bytes.subarray(0, HALF), stdinStaysOpen: true });
  expect(await live.event('upload.restarted')).toMatchObject({ because: 'upload expired' });
  await server.restart();
  live.feed(bytes.subarray(HALF));
  live.endStdin();
  const { exitCode, stderr, results } = await live.ended;
  expect(exitCode, stderr).toBe(0);
  expect(results()).toMatchObject([{ parts: { sent: PARTS } }]);
  expect(await server.md5(results()[0]?.['file_id'])).toBe(await md5OfFile(box.path('input')));
  expect(server.requests('create')).toHaveLength(2);
  expect(await box.leftovers()).toEqual([]);
});

/** A run whose server has failed, and whose stdin is still open. */
async function readingOn(box: Sandbox, server: TestServer, bytes: Uint8Array): Promise<LiveCli> {
  const options = { ...server, stdin: bytes.subarray(0, HALF), stdinStaysOpen: true };
  const live = box.start([...SIZED, '--retries', '0'], options);
  // The first note names the server.
  expect(await live.event('note', 2)).toMatchObject({ reason: 'reading-on' });
  return live;
}

type Faults = NonNullable<Parameters<typeof testServer>[0]>['faults'];

async function scene(faults: Faults = [], lifetimeMs?: number) {
  const box = await sandbox();
  const bytes = await readFile(await randomFile(box.path('input'), SIZE));
  return { box, bytes, server: await testServer({ faults, ...(lifetimeMs && { lifetimeMs }) }) };
}

/** All that is left, and a byte more. */
function tooMuch(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(HALF), Buffer.alloc(1)]);
}

/** A run that has sent two parts of a stdin which is still open. */
async function halfArrived(box: Sandbox, server: TestServer, bytes: Uint8Array): Promise<LiveCli> {
  const live = box.start(SIZED, { ...server, stdin: bytes.subarray(0, HALF), stdinStaysOpen: true });
  await live.event('part.finished', 2);
  return live;
}

async function killedHalfway(box: Sandbox, server: TestServer, bytes: Uint8Array): Promise<void> {
  const live = await halfArrived(box, server, bytes);
  live.kill('SIGKILL');
  await live.ended;
}

async function expectNothingLeft(box: Sandbox, server: TestServer): Promise<void> {
  expect(server.requests('cancel')).toMatchObject([{ status: 200 }]);
  expect(server.requests('complete')).toEqual([]);
  expect(await server.files()).toEqual([]);
  expect(await spool(box)).toEqual([]);
  expect(await box.leftovers()).toEqual([]);
}

async function expectResumed(box: Sandbox, server: TestServer, parts: object): Promise<void> {
  const run = await box.run(['resume', '--all', '--json'], server);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.results()).toMatchObject([{ status: 'completed', filename: 'x.bin', parts }]);
  expect(await server.md5(run.results()[0]?.['file_id'])).toBe(await md5OfFile(box.path('input')));
  expect(await spool(box)).toEqual([]);
  expect(await box.leftovers()).toEqual([]);
}

const spool = async (box: Sandbox): Promise<readonly string[]> =>
  (await box.stateFiles()).filter(name => name.startsWith('spool')).map(name => join(box.stateDir, name));
