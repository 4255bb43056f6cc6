import { writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type Sandbox, sandbox } from '../support/cli.ts';
import { md5OfFile } from '../support/files.ts';
import { BROKEN, batchFile } from '../support/jsonl.ts';
import { type TestServer, testServer } from '../support/server.ts';

/** More than is checked before `create`, and more than one thread's pass in line. */
const LINES = 40_000;
const PUSH = ['push', 'data.jsonl', '--purpose', 'batch', '--json'] as const;

const expectNothingLeft = async (box: Sandbox, server: TestServer): Promise<void> => {
  expect(await server.files()).toEqual([]);
  const created = server.requests('create').length;
  expect(server.requests('cancel').filter(({ status }) => status === 200)).toHaveLength(created);
  expect(server.requests('complete')).toEqual([]);
  expect(await box.leftovers()).toEqual([]);
};

async function scene(text: string) {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  await writeFile(box.path('data.jsonl'), text);
  return { box, server };
}

it('15.3: completes a file whose lines are valid, and says what was checked', async () => {
  const { box, server } = await scene(batchFile(LINES));
  const { exitCode, results, stderr } = await box.run([...PUSH], server);
  expect(exitCode, stderr).toBe(0);
  expect(results()[0]).toMatchObject({ status: 'completed', check: { lines: LINES, errors: 0 } });
  expect(await server.md5(results()[0]?.['file_id'])).toBe(await md5OfFile(box.path('data.jsonl')));
});

it.each([
  { name: 'with an md5', flags: [] },
  { name: 'without an md5', flags: ['--no-md5'] },
  { name: 'one part at once', flags: ['--concurrency', '1', '--part-size', '1MiB'] },
])('15.3: a fault on the last line leaves no File and a cancelled Upload, $name', async ({ flags }) => {
  const { box, server } = await scene(batchFile(LINES) + BROKEN);
  const { exitCode, results, stderr } = await box.run([...PUSH, ...flags], server);
  expect(exitCode, stderr).toBe(3);
  expect(results()[0]).toMatchObject({
    status: 'failed',
    resumable: false,
    error: { reason: 'invalid-lines', exit_code: 3 },
    check: { errors: 1, findings: [{ level: 'error', line: LINES + 1 }] },
  });
  expect(stderr).toContain(`line ${LINES + 1}`);
  expect(server.requests('create')).toHaveLength(1);
  await expectNothingLeft(box, server);
});

it('15.3: a fault in the first lines is found before an Upload is created', async () => {
  const { box, server } = await scene(BROKEN + batchFile(LINES));
  const { exitCode, results } = await box.run([...PUSH], server);
  expect(exitCode).toBe(3);
  expect(results()[0]?.['check']).toMatchObject({ findings: [{ line: 1 }] });
  expect(server.logs).toEqual([]);
  await expectNothingLeft(box, server);
});

it('15.3: what the size and the name alone say is refused before any request', async () => {
  const { box, server } = await scene(batchFile(3));
  const run = await box.run([...PUSH, '--filename', 'data.txt'], server);
  expect(run.exitCode).toBe(3);
  expect(run.results()[0]?.['check']).toMatchObject({ findings: [{ line: null }] });
  expect(server.logs).toEqual([]);
});

it('15.3: stdin too', async () => {
  const { box, server } = await scene('');
  const text = batchFile(LINES) + BROKEN;
  const size = ['--size', String(Buffer.byteLength(text))];
  for (const flags of [[], size]) {
    const stdin = Buffer.from(text);
    const args = ['push', '-', '--filename', 'x.jsonl', '--purpose', 'batch', '--json', ...flags];
    const { exitCode, results, stderr } = await box.run(args, { ...server, stdin });
    expect(exitCode, stderr).toBe(3);
    expect(results()[0]).toMatchObject({
      error: { reason: 'invalid-lines' },
      check: { findings: [{ line: LINES + 1 }] },
    });
  }
  await expectNothingLeft(box, server);
});

it('15.3: resume checks again what it goes on with', async () => {
  const { box, server } = await scene(batchFile(LINES) + BROKEN);
  await server.restart({ faults: [{ endpoint: 'part', part: 3, do: 'status', status: 500 }] });
  const flags = ['--part-size', '1MiB', '--concurrency', '1', '--retries', '0'];
  const first = await box.run([...PUSH, ...flags, '--no-check'], server);
  expect(first.exitCode, first.stderr).toBe(5);
  await server.restart();
  const resumed = await box.run(['resume', '--all', '--json'], server);
  expect(resumed.exitCode, resumed.stderr).toBe(3);
  await expectNothingLeft(box, server);
});

it('15.3: --check=warn uploads and warns, --no-check does not look, --check looks at any purpose', async () => {
  const { box, server } = await scene(batchFile(LINES) + BROKEN);
  const warned = await box.run([...PUSH, '--check=warn'], server);
  expect(warned.exitCode, warned.stderr).toBe(0);
  expect(warned.results()[0]).toMatchObject({ status: 'completed', check: { errors: 1 } });
  expect(warned.stderr).toContain(`line ${LINES + 1}`);
  const unchecked = await box.run([...PUSH, '--no-check'], server);
  expect(unchecked.exitCode, unchecked.stderr).toBe(0);
  expect(unchecked.results()[0]).not.toHaveProperty('check');
  const off = await box.run([...PUSH], { ...server, env: { ...server.env, OAI_UPLOAD_CHECK: '0' } });
  expect(off.exitCode, off.stderr).toBe(0);
});

it('15.3: --check takes no word behind it for its value', async () => {
  const { box, server } = await scene(batchFile(3));
  const run = await box.run(['push', '--purpose', 'batch', '--check', 'data.jsonl'], server);
  expect(run.exitCode, run.stderr).toBe(0);
});
