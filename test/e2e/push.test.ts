import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Json, linesOf, type Sandbox, sandbox } from '../support/cli.ts';
import { GiB, KiB, MiB, md5OfFile, randomFile, sameBytes, sparseFile } from '../support/files.ts';
import { KEY, type TestServer, testServer } from '../support/server.ts';
import { shell } from '../support/shell.ts';
import { reduced } from '../support/torture.ts';

const PART = 64 * KiB;
const LARGE = reduced(GiB / 2, 2 * GiB);
const SIZES = { 'one byte': 1, 'part - 1': PART - 1, part: PART, 'part + 1': PART + 1, '10 parts': 10 * PART };

it.each([1, 4, 16])('sends files of every size, byte for byte, %i parts at once', async concurrency => {
  const { box, server } = await boxAndServer();
  for (const [name, bytes] of Object.entries(SIZES)) {
    const path = await randomFile(box.path(name), bytes, name);
    const args = ['--part-size', '64KiB', '--concurrency', String(concurrency), '--json'];
    const { exitCode, results, stderr } = await box.run(['push', path, '--purpose', 'assistants', ...args], server);
    expect(exitCode, stderr).toBe(0);
    const [result] = results();
    const md5 = await md5OfFile(path);
    expect(result, name).toMatchObject({ status: 'completed', bytes, bytes_sent: bytes, md5 });
    expect(result?.['parts'], name).toMatchObject({ total: Math.ceil(bytes / PART), sent: Math.ceil(bytes / PART) });
    expect(await server.md5(result?.['file_id']), name).toBe(md5);
  }
  expect(await box.leftovers()).toEqual([]);
});

it.each([
  { partSize: '8MiB', identical: true },
  { partSize: '64MiB', identical: false },
])(`sends ${LARGE / GiB} GiB in parts of $partSize and stays small`, { timeout: 180_000 }, async ({
  partSize,
  identical,
}) => {
  const { box, server } = await boxAndServer();
  const path = await sparseFile(box.path('large.bin'), LARGE, 5 * MiB);
  const peakFile = box.path('peak');
  const startedAtMs = performance.now();
  const { exitCode, results, stderr } = await box.run(
    ['push', path, '--purpose', 'assistants', '--part-size', partSize, '--json', '--quiet'],
    {
      env: { ...server.env, PEAK_RSS_FILE: peakFile },
      nodeArgs: ['--import', join(import.meta.dirname, '../support/peak-rss.mjs')],
    },
  );
  const seconds = (performance.now() - startedAtMs) / 1000;
  const peak = Number(await readFile(peakFile, 'utf8'));
  console.log(
    `${LARGE / GiB} GiB in parts of ${partSize}: ${seconds.toFixed(1)} s, peak RSS ${(peak / MiB).toFixed(1)} MiB`,
  );
  expect(exitCode, stderr).toBe(0);
  expect(peak).toBeLessThan(150e6);
  const [result] = results();
  expect((await server.file(result?.['file_id']))['bytes']).toBe(LARGE);
  if (identical) expect(await sameBytes(await server.contentPath(result?.['file_id']), path)).toBe(true);
});

it('gives a shell just the id', async () => {
  const { box, server } = await boxAndServer();
  await randomFile(box.path('f'), 1000);
  const script = 'id=$(oai-upload push f --purpose user_data); code=$?; printf "[%s] %s" "$id" "$code"';
  const { stdout } = await shell(script, box, server);
  expect(stdout).toBe(`[${(await server.files())[0]?.['id']}] 0`);
});

it.each([
  { reader: 'goes away', script: 'oai-upload push f --purpose user_data --progress=json 2>&1 | head -n 1' },
  { reader: 'never came', script: 'oai-upload push f --purpose user_data --part-size 64KiB >&- 2>&-; echo $?' },
])('sends the file though the reader of its output $reader', async ({ script }) => {
  const { box, server } = await boxAndServer();
  await randomFile(box.path('f'), 10 * PART);
  const { exitCode, stdout } = await shell(script, box, server);
  expect(exitCode).toBe(0);
  expect(linesOf(stdout)).toHaveLength(1);
  expect(await server.files()).toMatchObject([{ filename: 'f', bytes: 10 * PART }]);
  expect(await box.leftovers()).toEqual([]);
});

it('prints one JSON object with every field of the contract', async () => {
  const { box, server } = await boxAndServer();
  await randomFile(box.path('data.jsonl'), 3 * PART);
  const run = await box.run(['push', 'data.jsonl', '--purpose', 'user_data', '--part-size', '64KiB', '--json'], server);
  expect(linesOf(run.stdout)).toHaveLength(1);
  const [result] = run.results();
  expect(result).toMatchObject({
    status: 'completed',
    path: 'data.jsonl',
    file_id: expect.stringMatching(/^file-/),
    upload_id: expect.stringMatching(/^upload_/),
    filename: 'data.jsonl',
    purpose: 'user_data',
    bytes: 3 * PART,
    md5: await md5OfFile(box.path('data.jsonl')),
    parts: { total: 3, sent: 3, resumed: 0 },
    bytes_sent: 3 * PART,
    bytes_skipped: 0,
    bytes_resent: 0,
    retries: 0,
    duration_ms: expect.any(Number),
    file: await server.file(result?.['file_id']),
  });
  expect(result).not.toHaveProperty('error');
});

it('gives no md5 with --no-md5', async () => {
  const { box, server } = await boxAndServer();
  const path = await randomFile(box.path('f'), 2 * PART);
  const { exitCode, results } = await box.run(['push', path, '--purpose', 'user_data', '--no-md5', '--json'], server);
  expect(exitCode).toBe(0);
  expect(results()[0]?.['md5']).toBeNull();
  expect(await server.md5(results()[0]?.['file_id'])).toBe(await md5OfFile(path));
});

it('writes plain lines where stderr is no terminal, and nothing with --quiet', async () => {
  const { box, server } = await boxAndServer();
  await randomFile(box.path('f'), 3 * PART);
  const loud = await box.run(['push', 'f', '--purpose', 'user_data', '--part-size', '64KiB'], server);
  expect(loud.stdout).toMatch(/^file-\w+\n$/);
  expect(loud.stderr).toContain('f: ');
  expect(loud.stderr).toContain(new URL(server.url).host);
  expect(loud.stderr.endsWith('\n')).toBe(true);
  expect(hasControls(loud.stdout + loud.stderr)).toBe(false);
  const quiet = await box.run(['push', 'f', '--purpose', 'user_data', '-q'], server);
  expect(quiet.stdout).toMatch(/^file-\w+\n$/);
  expect(quiet.stderr).toBe('');
  const none = await box.run(['push', 'f', '--purpose', 'user_data', '--progress', 'none'], server);
  expect(none.stderr).not.toContain('%');
  const bar = await box.run(['push', 'f', '--purpose', 'user_data', '--progress', 'bar'], server);
  expect(hasControls(bar.stdout + bar.stderr)).toBe(false);
});

it('writes events as NDJSON on stderr, quiet or not', async () => {
  const { box, server } = await boxAndServer();
  await randomFile(box.path('f'), 3 * PART);
  for (const more of [[], ['--quiet']]) {
    const args = ['--part-size', '64KiB', '--progress=json', ...more];
    const { events, stderr } = await box.run(['push', 'f', '--purpose', 'user_data', ...args], server);
    const types = events().map(event => event['type']);
    expect(types.filter(type => type === 'part.finished')).toHaveLength(3);
    for (const type of ['upload.planned', 'upload.created', 'part.started', 'upload.completing', 'upload.completed'])
      expect(types).toContain(type);
    for (const event of events()) {
      expect(new Date(event['at']).toISOString()).toBe(event['at']);
      expect(event).toHaveProperty('path');
    }
    expect(events().find(event => event['type'] === 'part.started')?.['path']).toBe('f');
    expect(hasControls(stderr)).toBe(false);
  }
});

it('pushes several files and answers in their order', async () => {
  const faults = [{ endpoint: 'create', attempt: 1, do: 'slow', delayMs: 300 }] as const;
  const { box, server } = await boxAndServer({ faults });
  await randomFile(box.path('slow'), 10 * PART);
  await randomFile(box.path('quick'), 1);
  const { exitCode, stdout } = await box.run(
    ['push', 'slow', 'quick', 'absent', 'slow', '--purpose', 'assistants', '--part-size', '64KiB'],
    server,
  );
  expect(exitCode).toBe(3);
  const names = new Map((await server.files()).map(file => [file['id'], file['filename']]));
  expect(linesOf(stdout).map(id => names.get(id))).toEqual(['slow', 'quick', 'slow']);
  expect(names.size).toBe(2);
});

it('sends a file that is named twice once, whatever it is called, and answers for each name', async () => {
  const { box, server } = await boxAndServer();
  await randomFile(box.path('f'), PART);
  await symlink(box.path('f'), box.path('link'));
  const { exitCode, results } = await box.run(['push', 'f', './f', 'link', '--purpose', 'user_data', '--json'], server);
  expect(exitCode).toBe(0);
  expect(results().map(result => result['path'])).toEqual(['f', './f', 'link']);
  expect(new Set(results().map(result => result['file_id'])).size).toBe(1);
  expect(server.requests('create')).toHaveLength(1);
});

it('answers for each file with --json, completed or not', async () => {
  const { box, server } = await boxAndServer();
  await randomFile(box.path('f'), 10);
  const { exitCode, results } = await box.run(['push', 'absent', 'f', '--purpose', 'user_data', '--json'], server);
  expect(exitCode).toBe(3);
  expect(results()).toHaveLength(2);
  expect(results()[0]).toMatchObject({
    status: 'failed',
    path: 'absent',
    file_id: null,
    purpose: 'user_data',
    resumable: false,
    error: { code: 'SOURCE', reason: expect.any(String), message: expect.stringContaining('absent'), exit_code: 3 },
  });
  expect(results()[1]).toMatchObject({ status: 'completed', path: 'f' });
});

it('tells the server name, type and life', async () => {
  const { box, server } = await boxAndServer();
  await randomFile(box.path('f'), 10);
  const flags = ['--filename', 'näme "1".txt', '--mime-type', 'text/x-own', '--expires-after', '2h'];
  const { exitCode, results } = await box.run(['push', 'f', '--purpose', 'user_data', '--json', ...flags], server);
  expect(exitCode).toBe(0);
  const [result] = results();
  const file = await server.file(result?.['file_id']);
  expect(file['filename']).toBe('näme "1".txt');
  expect(file['expires_at'] - file['created_at']).toBe(7200);
  expect((await uploadRecord(server, result?.['upload_id']))['mimeType']).toBe('text/x-own');
});

it('takes the key from a file', async () => {
  const { box, server } = await boxAndServer();
  await randomFile(box.path('f'), 10);
  await box.write('key', `${KEY}\n`);
  const { exitCode, stderr } = await box.run(
    ['push', 'f', '--purpose', 'user_data', '--api-key-file', 'key', '--progress=json'],
    { env: { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: 'another' } },
  );
  expect(exitCode, stderr).toBe(0);
  expect(stderr).not.toContain(KEY);
});

it('needs neither key nor network with --local, and keeps the file where it is told', async () => {
  const box = await sandbox();
  await randomFile(box.path('f.txt'), 3 * PART);
  const first = await box.run(['push', 'f.txt', '--purpose', 'assistants', '--local']);
  expect(first.exitCode, first.stderr).toBe(0);
  expect(await box.stateFiles()).toContain(`local/files/${first.stdout.trim()}/f.txt`);
  const second = await box.run(['push', 'f.txt', '--purpose', 'assistants', '--local', '--local-dir', 'kept']);
  const kept = box.path(`kept/files/${second.stdout.trim()}/f.txt`);
  expect(await md5OfFile(kept)).toBe(await md5OfFile(box.path('f.txt')));
});

it('plans with --dry-run, and does nothing', async () => {
  const box = await sandbox();
  await randomFile(box.path('f'), 3 * PART);
  const people = await box.run(['push', 'f', '--purpose', 'user_data', '--dry-run', '--part-size', '64KiB']);
  expect(people).toMatchObject({ exitCode: 0, stdout: '' });
  expect(people.stderr).toMatch(/3 parts/);
  const { results } = await box.run(['push', 'f', '--purpose', 'user_data', '--dry-run', '--json']);
  expect(results()).toHaveLength(1);
  expect(results()[0]).toMatchObject({ status: 'planned', path: 'f', bytes: 3 * PART, parts: { total: 1, sent: 0 } });
  expect(await box.leftovers()).toEqual([]);
});

async function boxAndServer(
  options: Parameters<typeof testServer>[0] = {},
): Promise<{ box: Sandbox; server: TestServer }> {
  return { box: await sandbox(), server: await testServer(options) };
}

const hasControls = (text: string): boolean => text.includes('\r') || text.includes('\u001b');

const uploadRecord = async ({ dir }: TestServer, id: string): Promise<Json> =>
  JSON.parse(await readFile(join(dir, 'uploads', id, 'upload.json'), 'utf8')) as Json;
