import { expect, it } from 'vitest';
import { type Sandbox, sandbox } from '../support/cli.ts';
import { KiB, randomFile } from '../support/files.ts';
import { type TestServer, testServer } from '../support/server.ts';

const ARGS = ['push', 'f', '--purpose', 'assistants', '--part-size', '64KiB', '--json'];

it('waits until the File is processed, and asks when the server wants to be asked', async () => {
  const { box, server } = await scene({ ms: 1500 });
  const run = await box.run([...ARGS, '--wait', '--progress=json'], server);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.results()).toMatchObject([{ status: 'completed', file: { status: 'processed' } }]);
  expect(run.events().map(({ type }) => type)).toEqual(expect.arrayContaining(['file.processing', 'file.processed']));
  // Once at once, once after the hint.
  expect(server.requests('file').length).toBeGreaterThanOrEqual(2);
  expect(server.requests('file').length).toBeLessThan(5);
  expect(await box.leftovers()).toEqual([]);
});

it('does not ask where the answer to complete says all', async () => {
  const { box, server } = await scene(undefined);
  const run = await box.run([...ARGS, '--wait'], server);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(server.requests('file')).toEqual([]);
});

it('takes a File without a status for processed', async () => {
  const file = { id: 'file-x', object: 'file', bytes: 6 * 64 * KiB, created_at: 1 };
  const { box, server } = await scene(undefined, [{ endpoint: 'complete', do: 'reply', body: file }]);
  const run = await box.run([...ARGS, '--wait'], server);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.results()[0]?.['file_id']).toBe('file-x');
});

it('gives up in time, and the same command waits again and uploads nothing', async () => {
  const { box, server } = await scene({ ms: 3000 });
  const flags = ['--wait', '--wait-timeout', '200ms'];
  const first = await box.run([...ARGS, ...flags], server);
  expect(first.exitCode, first.stderr).toBe(5);
  const [result] = first.results();
  expect(result).toMatchObject({
    status: 'failed',
    file_id: expect.stringMatching(/^file-/),
    resumable: true,
    error: { code: 'UNAVAILABLE', reason: 'wait-timeout', hint: expect.stringMatching(/same command/) },
  });
  const again = await box.run([...ARGS, '--wait'], server);
  expect(again.exitCode, again.stderr).toBe(0);
  expect(again.results()).toMatchObject([
    { file_id: result?.['file_id'], bytes_sent: 0, file: { status: 'processed' } },
  ]);
  expect(server.requests('create')).toHaveLength(1);
  expect(server.requests('complete')).toHaveLength(1);
  expect(await box.leftovers()).toEqual([]);
});

it('says that the server could not process the File, again and again until --restart', async () => {
  const { box, server } = await scene({ ms: 100, fails: true });
  for (const _ of ['first', 'again']) {
    const run = await box.run([...ARGS, '--wait'], server);
    expect(run.exitCode, run.stderr).toBe(6);
    expect(run.results()).toMatchObject([
      {
        status: 'failed',
        file_id: expect.stringMatching(/^file-/),
        error: { code: 'REJECTED', reason: 'file-processing' },
      },
    ]);
  }
  expect(server.requests('create')).toHaveLength(1);
  await server.restart();
  const run = await box.run([...ARGS, '--wait', '--restart'], server);
  expect(run.exitCode, run.stderr).toBe(0);
});

it('keeps the id when interrupted while it waits, for resume too', async () => {
  const { box, server } = await scene({ ms: 4000 });
  const live = box.start([...ARGS, '--wait', '--progress=json'], server);
  await live.event('file.processing', 2);
  live.kill('SIGINT');
  const first = await live.ended;
  expect(first.exitCode).toBe(130);
  expect(first.results()).toMatchObject([{ status: 'interrupted', file_id: expect.stringMatching(/^file-/) }]);
  const again = await box.run(['resume', '--all', '--wait', '--json'], server);
  expect(again.exitCode, again.stderr).toBe(0);
  expect(again.results()).toMatchObject([{ file_id: first.results()[0]?.['file_id'], bytes_sent: 0 }]);
  expect(server.requests('complete')).toHaveLength(1);
});

it('waits for many at once', async () => {
  const { box, server } = await scene({ ms: 2000 });
  const names = Array.from({ length: 12 }, (_, index) => `f${index}`);
  for (const name of names) await box.write(name, name);
  const startedAtMs = performance.now();
  const args = ['push', ...names, '--purpose', 'assistants', '--concurrency', '2', '--wait'];
  const run = await box.run(args, server);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(performance.now() - startedAtMs).toBeLessThan(8000);
});

type Options = NonNullable<Parameters<typeof testServer>[0]>;

async function scene(
  processing: Options['processing'],
  faults: Options['faults'] = [],
): Promise<{ readonly box: Sandbox; readonly server: TestServer }> {
  const box = await sandbox();
  await randomFile(box.path('f'), 6 * 64 * KiB);
  return { box, server: await testServer({ ...(processing && { processing }), faults }) };
}
