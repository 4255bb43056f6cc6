import { appendFile, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Sandbox, sandbox } from '../support/cli.ts';
import { KiB, MiB, md5OfFile, randomFile, sparseFile } from '../support/files.ts';
import { type TestServer, testServer } from '../support/server.ts';

const BYTES = 300 * KiB;

it('finds the same bytes', async () => {
  const { box, server, id } = await uploaded();
  const run = await box.run(['verify', 'f', id], server);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.stdout).toBe(`compared f: same as ${id} (300 KiB, md5 ${await md5OfFile(box.path('f'))})\n`);
  const { results } = await box.run(['verify', 'f', id, '--json'], server);
  const md5 = await md5OfFile(box.path('f'));
  expect(results()).toEqual([
    {
      status: 'verified',
      path: 'f',
      file_id: id,
      bytes: BYTES,
      remote_bytes: BYTES,
      md5,
      remote_md5: md5,
      content: 'same',
      refusal: null,
    },
  ]);
});

it('finds another size without reading the content', async () => {
  const { box, server, id } = await uploaded();
  await appendFile(box.path('f'), 'x');
  const run = await box.run(['verify', 'f', id, '--json'], server);
  expect(run.exitCode).toBe(7);
  expect(run.stderr).toMatch(/the size differs: 307201 bytes here, 307200 in file-/);
  expect(run.results()).toMatchObject([{ content: 'differs', error: { code: 'INTEGRITY', reason: 'differs' } }]);
  expect(server.requests('content')).toEqual([]);
});

it('finds one other byte', async () => {
  const { box, server, id } = await uploaded();
  const file = await open(box.path('f'), 'r+');
  await file.write(Buffer.from([(await readFile(box.path('f')))[1000] === 1 ? 2 : 1]), 0, 1, 1000);
  await file.close();
  const run = await box.run(['verify', 'f', id], server);
  expect(run).toMatchObject({ exitCode: 7, stdout: '' });
  expect(run.stderr).toMatch(/the content differs: md5 \w{32} here, \w{32} in file-/);
});

it.each([400, 403, 404])('compares sizes where the server refuses the content with %i', async status => {
  const body = { error: { message: 'Not allowed to download files of purpose: assistants' } };
  const { box, server, id } = await uploaded([{ endpoint: 'content', do: 'status', status, body }]);
  const run = await box.run(['verify', 'f', id], server);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.stdout).toMatch(/^compared f: same size as file-\w+ \(300 KiB\), content not readable: .*Not allowed/);
  const { results } = await box.run(['verify', 'f', id, '--json'], server);
  expect(results()).toMatchObject([{ status: 'verified', content: 'unreadable', md5: null, remote_md5: null }]);
  expect(server.requests('content')).toHaveLength(2);
});

it('reads the content again when it breaks off', async () => {
  const { box, server, id } = await uploaded([{ endpoint: 'content', attempt: 1, do: 'truncate-reply' }]);
  const run = await box.run(['verify', 'f', id, '--json'], server);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(server.requests('content')).toHaveLength(2);
});

it.each([
  { name: 'an unknown File', args: ['f', 'file-nothing'], exitCode: 6, says: /No such File/ },
  { name: 'a missing file', args: ['absent', 'file-nothing'], exitCode: 3, says: /absent does not exist/ },
  { name: 'no file id', args: ['f'], exitCode: 2, says: /missing required argument 'file-id'/ },
])('refuses $name', async ({ args, exitCode, says }) => {
  const { box, server } = await uploaded();
  const run = await box.run(['verify', ...args], server);
  expect(run).toMatchObject({ exitCode, stdout: '' });
  expect(run.stderr).toMatch(says);
});

it('answers with --json too when it fails', async () => {
  const { box, server } = await uploaded([{ endpoint: 'file', do: 'status', status: 401 }]);
  const run = await box.run(['verify', 'f', 'file-x', '--json'], server);
  expect(run.exitCode).toBe(4);
  expect(run.results()).toMatchObject([{ status: 'failed', content: null, error: { code: 'AUTH' } }]);
});

it('stays small', async () => {
  const { box, server } = await uploaded();
  await sparseFile(box.path('large'), 256 * MiB, 5 * MiB);
  const push = await box.run(['push', 'large', '--purpose', 'assistants', '-q'], server);
  const peakFile = box.path('peak');
  const run = await box.run(['verify', 'large', push.stdout.trim(), '--json'], {
    env: { ...server.env, PEAK_RSS_FILE: peakFile },
    nodeArgs: ['--import', join(import.meta.dirname, '../support/peak-rss.mjs')],
  });
  expect(run.exitCode, run.stderr).toBe(0);
  expect(Number(await readFile(peakFile, 'utf8'))).toBeLessThan(150e6);
});

async function uploaded(
  faults: NonNullable<Parameters<typeof testServer>[0]>['faults'] = [],
): Promise<{ readonly box: Sandbox; readonly server: TestServer; readonly id: string }> {
  const box = await sandbox();
  const server = await testServer({ faults });
  await randomFile(box.path('f'), BYTES);
  const { stdout } = await box.run(['push', 'f', '--purpose', 'assistants'], server);
  return { box, server, id: stdout.trim() };
}
