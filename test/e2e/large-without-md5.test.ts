import { truncate } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { Fault } from '../../src/server/server.ts';
import { type Sandbox, sandbox } from '../support/cli.ts';
import { KiB, MiB, md5OfFile, randomFile } from '../support/files.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { tlsFront, tlsPath } from '../support/tls.ts';

// A large file whose md5 is not wished for is read by a thread: whatever happens to a part must leave its bytes right.

const PART = 8 * MiB;
const SIZE = 9 * PART - 7;
const PARTS = 9;

const push = ['push', 'f.bin', '--purpose', 'assistants', '--part-size', '8MiB', '--no-md5', '--json'];

/** Parts that fail in each of the ways that leave a read half done. */
const faults: readonly Fault[] = [
  { endpoint: 'part', part: 1, attempt: 1, do: 'reset-in-body', afterBytes: 3 * MiB },
  { endpoint: 'part', part: 2, attempt: 1, do: 'early-status', status: 503, afterBytes: 100 * KiB },
  { endpoint: 'part', part: 3, attempt: [1, 2], do: 'early-status', status: 500, afterBytes: 5 * MiB, keepOpen: true },
  { endpoint: 'part', part: 5, attempt: 1, do: 'reset-before' },
  { endpoint: 'part', part: 6, attempt: 1, do: 'reset-after-body' },
  { endpoint: 'part', part: 9, attempt: 1, do: 'status', status: 502 },
];

async function scene(options: { faults?: readonly Fault[] } = {}) {
  const [box, server] = [await sandbox(), await testServer(options)];
  return { box, server, md5: await md5OfFile(await randomFile(box.path('f.bin'), SIZE)) };
}

it.each([1, 4, 16])('is sent byte for byte though parts fail, %i at once', async concurrency => {
  const { box, server, md5 } = await scene({ faults });
  const run = await box.run([...push, '--concurrency', String(concurrency)], server);
  expect(run.exitCode, run.stderr).toBe(0);
  const [result] = run.results();
  expect(result).toMatchObject({ status: 'completed', md5: null, bytes: SIZE, parts: { total: PARTS, sent: PARTS } });
  expect(await server.md5(result?.['file_id'])).toBe(md5);
  expect(await box.leftovers()).toEqual([]);
});

it('is sent byte for byte through TLS', async () => {
  const { box, server, md5 } = await scene();
  const { port } = await tlsFront(server.port);
  const env = { ...server.env, OPENAI_BASE_URL: `https://localhost:${port}/v1` };
  const run = await box.run([...push, '--ca-file', tlsPath('ca.crt')], { env });
  expect(run.exitCode, run.stderr).toBe(0);
  expect(await server.md5(run.results()[0]?.['file_id'])).toBe(md5);
});

it.each([
  { signal: 'SIGKILL', code: undefined },
  { signal: 'SIGINT', code: 130 },
] as const)('goes on after $signal, and sends no finished part again', async ({ signal, code }) => {
  const { box, server, md5 } = await scene({
    faults: [5, 6, 7].map(part => ({ endpoint: 'part', part, do: 'slow', bytesPerSecond: 100 * KiB })),
  });
  const run = box.start([...push, '--concurrency', '2', '--progress=json'], server);
  await run.event('part.finished', 4);
  run.kill(signal);
  expect((await run.ended).exitCode).toBe(code);
  await completes(box, server, md5, { sent: PARTS - 4, resumed: 4 });
});

it('that gets shorter is an error, and no File', async () => {
  const { box, server } = await scene({
    faults: [{ endpoint: 'part', part: 2, do: 'slow', bytesPerSecond: 2 * MiB }],
  });
  const run = box.start([...push, '--concurrency', '1', '--progress=json'], server);
  await run.event('part.finished', 1);
  await truncate(box.path('f.bin'), SIZE - PART);
  const { exitCode, results } = await run.ended;
  expect(exitCode).toBe(3);
  expect(results()[0]).toMatchObject({ file_id: null, error: { code: 'SOURCE', reason: 'changed-while-sent' } });
  expect(await server.files()).toEqual([]);
});

async function completes(box: Sandbox, server: TestServer, md5: string, parts: { sent: number; resumed: number }) {
  await server.restart();
  const { exitCode, stderr, results } = await box.run(push, server);
  expect(exitCode, stderr).toBe(0);
  expect(results()[0]).toMatchObject({ status: 'completed', parts });
  expect(await server.md5(results()[0]?.['file_id'])).toBe(md5);
  expect(server.requests('create')).toHaveLength(1);
  expect(await box.leftovers()).toEqual([]);
}
