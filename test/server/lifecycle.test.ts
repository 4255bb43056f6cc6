import { createHash } from 'node:crypto';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { startServer } from '../../src/server/server.ts';
import { createBody, KEY, type Local, local, scratchFolder, storedPartIds } from './support/local.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

async function twoParts(api: Local, uploadId: string): Promise<readonly string[]> {
  const [world, hello] = [await api.part(uploadId, 'world'), await api.part(uploadId, 'hello ')];
  return [String(hello.body['id']), String(world.body['id'])];
}

const content = async (api: Local, fileId: unknown): Promise<string> =>
  (await fetch(`${api.url}/files/${fileId}/content`, { headers: { authorization: `Bearer ${KEY}` } })).text();

it('makes a File of parts, in the order that complete names', async () => {
  const api = await local();
  const created = (await api.json('POST', '/uploads', createBody())).body;
  expect(created).toMatchObject({
    object: 'upload',
    bytes: 11,
    filename: 'hello.txt',
    purpose: 'assistants',
    status: 'pending',
  });
  expect(created).toMatchObject({
    id: expect.stringMatching(/^upload_[A-Za-z0-9]{24}$/),
    expires_at: Number(created['created_at']) + 3600,
  });
  expect(created).not.toHaveProperty('file');

  const id = String(created['id']);
  const first = await api.part(id, 'hello ');
  expect(first.body).toMatchObject({
    object: 'upload.part',
    upload_id: id,
    id: expect.stringMatching(/^part_[A-Za-z0-9]{24}$/),
  });
  const second = await api.part(id, 'world');

  const done = await api.complete(
    id,
    [String(first.body['id']), String(second.body['id'])],
    md5('hello world').toUpperCase(),
  );
  expect(done.status).toBe(200);
  expect(done.body).toMatchObject({
    id,
    status: 'completed',
    file: { object: 'file', bytes: 11, status: 'processed', filename: 'hello.txt' },
  });
  const { file } = done.body;
  expect(file).toMatchObject({
    id: expect.stringMatching(/^file-[A-Za-z0-9]{24}$/),
    created_at: created['created_at'],
  });
  expect(file).not.toHaveProperty('expires_at');
  expect(await content(api, file?.['id'])).toBe('hello world');
  expect(await storedPartIds(api.dir, id)).toEqual([]);
  expect(await readFile(join(api.dir, 'files', String(file?.['id']), 'hello.txt'), 'utf8')).toBe('hello world');
});

it('tells every answer apart and dates it', async () => {
  const api = await local();
  const { headers } = await api.json('GET', '/models');
  expect(headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
  expect(headers.get('openai-version')).toBe('2020-10-01');
  expect(headers.get('openai-processing-ms')).toMatch(/^\d+$/);
  expect(Date.parse(headers.get('date') ?? '')).toBeGreaterThan(0);
  expect(api.logs).toMatchObject([
    { endpoint: 'models', status: 200, requestId: headers.get('x-request-id'), closedEarly: false },
  ]);
});

it.each([
  ['batch', undefined, 2_592_000],
  ['batch', 3600, 3600],
  ['assistants', 7200, 7200],
])('lets a %s File asked to live %s s live %s s', async (purpose, seconds, lives) => {
  const api = await local();
  const id = await api.create({ purpose, ...(seconds && { expires_after: { anchor: 'created_at', seconds } }) });
  const { file } = (await api.complete(id, await twoParts(api, id))).body;
  expect(Number(file?.['expires_at']) - Number(file?.['created_at'])).toBe(lives);
});

it('leaves a refused complete repeatable', async () => {
  const api = await local();
  const id = await api.create();
  const parts = await twoParts(api, id);
  const refused = await api.complete(id, parts, md5('something else'));
  expect(refused).toMatchObject({ status: 400, body: { error: { param: 'md5' } } });
  expect((await api.complete(id, parts, md5('hello world'))).status).toBe(200);
  expect(await readdir(join(api.dir, 'files'))).toHaveLength(1);
});

it('does not count a part that complete does not name', async () => {
  const api = await local();
  const id = await api.create();
  await api.part(id, 'orphan');
  expect((await api.complete(id, await twoParts(api, id))).status).toBe(200);
});

it('counts every stored part where it imitates a server that does', async () => {
  const api = await local({ countOrphans: true });
  const full = await api.create();
  const parts = await twoParts(api, full);
  expect(await api.part(full, 'x')).toMatchObject({ status: 400, body: { error: { param: 'data' } } });
  expect((await api.complete(full, parts)).status).toBe(200);

  const short = await api.create({ bytes: 6 });
  const orphan = await api.part(short, 'o');
  const listed = await api.part(short, 'five!');
  expect((await api.complete(short, [String(listed.body['id'])])).status).toBe(400);
  expect((await api.complete(short, [String(orphan.body['id']), String(listed.body['id'])])).status).toBe(200);
});

it('answers complete with a bare File where it imitates a server that does', async () => {
  const api = await local({ completeAnswersFile: true });
  const id = await api.create();
  expect((await api.complete(id, await twoParts(api, id))).body).toMatchObject({ object: 'file', bytes: 11 });
});

it('makes one File of two completes at once', async () => {
  const api = await local();
  const id = await api.create();
  const parts = await twoParts(api, id);
  const answers = await Promise.all(Array.from({ length: 5 }, () => api.complete(id, parts)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
  expect((await api.json('GET', '/files')).body['data']).toHaveLength(1);
});

it('changes an ended Upload no more', async () => {
  const api = await local();
  const [completed, cancelled] = [await api.create(), await api.create()];
  const parts = await twoParts(api, completed);
  expect((await api.complete(completed, parts)).status).toBe(200);
  expect((await api.json('POST', `/uploads/${cancelled}/cancel`)).body).toMatchObject({
    id: cancelled,
    status: 'cancelled',
  });
  for (const id of [completed, cancelled]) await expectEnded(api, id, parts);
});

it('ends an Upload with its hour', async () => {
  const api = await local({ lifetimeMs: 300 });
  const id = await api.create();
  const parts = await twoParts(api, id);
  await vi.waitFor(async () => expect((await api.part(id, 'late')).status).toBe(400));
  await expectEnded(api, id, parts);
  expect(await readFile(join(api.dir, 'uploads', id, 'upload.json'), 'utf8')).toContain('"expired"');
  expect(await storedPartIds(api.dir, id)).toEqual([]);
});

async function expectEnded(api: Local, id: string, parts: readonly string[]): Promise<void> {
  const refusals = [
    await api.part(id, 'more'),
    await api.complete(id, parts),
    await api.json('POST', `/uploads/${id}/cancel`),
  ];
  expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400]);
  expect(refusals[0]?.body['error']?.['message']).toMatch(/has status '(completed|cancelled|expired)'/);
}

it('goes on with what an earlier server on the folder left', async () => {
  const dir = await scratchFolder();
  const before = await startServer({ host: '127.0.0.1', port: 0, key: KEY, dir });
  const first = await local({ dir });
  const id = await first.create();
  const parts = await twoParts(first, id);
  await Promise.all([before.close(), first.close()]);

  const api = await local({ dir });
  const { file } = (await api.complete(id, parts, md5('hello world'))).body;
  await api.close();
  expect(await content(await local({ dir }), file?.['id'])).toBe('hello world');
});

it('makes no second File where a server was killed between the File and its Upload', async () => {
  const api = await local();
  const id = await api.create();
  const parts = await twoParts(api, id);
  const record = join(api.dir, 'uploads', id, 'upload.json');
  const pending = await readFile(record, 'utf8');
  await api.complete(id, parts);
  await writeFile(record, pending);
  expect((await api.complete(id, parts)).body['error']?.['message']).toContain("'completed'");
  expect((await api.json('GET', '/files')).body['data']).toHaveLength(1);
});

it('clears at its start what a server left long ago, and nothing that may be in use', async () => {
  const dir = await scratchFolder();
  const old = await local({ dir, lifetimeMs: 1 });
  const id = await old.create();
  const folder = join(dir, 'uploads', id);
  const [ours, fresh] = [`part_${'o'.repeat(24)}`, `part_${'n'.repeat(24)}`];
  const foreign = ['part_of_a_user', '.git', '.env'];
  for (const name of [ours, fresh, `${ours}.tmp`, ...foreign]) await writeFile(join(folder, name), 'x');
  for (const name of [ours, `${ours}.tmp`, ...foreign]) await utimes(join(folder, name), 0, 0);
  await local({ dir });
  expect((await readdir(folder)).sort()).toEqual([...foreign, fresh, 'upload.json'].sort());
});

it('takes a part without a number of its own in the order of arrival', async () => {
  const api = await local();
  const id = await api.create();
  for (const name of ['blob', 'blob', 'part-7', 'part-0007']) await api.part(id, 'x', name);
  expect(api.logs.slice(1).map(({ part, attempt }) => [part, attempt])).toEqual([
    [1, 1],
    [2, 1],
    [7, 1],
    [7, 2],
  ]);
});
