import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { contentNameFor } from '../../../src/server/store/content-name.ts';
import { KEY, type Local, local } from '../support/local.ts';

type Fields = Readonly<Record<string, string>>;

function fileForm(fields: Fields, filename = 'a.jsonl', text = '{}\n'): FormData {
  const form = new FormData();
  form.set('file', new Blob([text]), filename);
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

async function threeFiles(api: Local): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const purpose of ['assistants', 'batch', 'assistants']) {
    const sentAtMs = Date.now();
    await vi.waitUntil(() => Date.now() > sentAtMs); // no two in one millisecond
    ids.push(String((await api.send('POST', '/files', fileForm({ purpose }))).body['id']));
  }
  return ids;
}

it('lists by age, purpose and page', async () => {
  const api = await local();
  const [a, b, c] = await threeFiles(api);
  const ids = async (query: string): Promise<unknown> => {
    const { data, first_id, last_id, has_more } = (await api.json('GET', `/files${query}`)).body;
    return [(data as unknown as { id: string }[]).map(({ id }) => id), first_id, last_id, has_more];
  };
  expect(await ids('')).toEqual([[c, b, a], c, a, false]);
  expect(await ids('?order=asc')).toEqual([[a, b, c], a, c, false]);
  expect(await ids('?purpose=assistants')).toEqual([[c, a], c, a, false]);
  expect(await ids('?limit=2')).toEqual([[c, b], c, b, true]);
  expect(await ids(`?limit=2&after=${b}`)).toEqual([[a], a, a, false]);
  expect(await ids('?purpose=vision')).toEqual([[], '', '', false]);
});

it('takes a file in one request, retrieves, gives and deletes it', async () => {
  const api = await local();
  const form = fileForm(
    { purpose: 'user_data', 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '3600' },
    'ü "x".txt',
    'text',
  );
  const { body } = await api.send('POST', '/files', form);
  expect(body).toMatchObject({
    object: 'file',
    bytes: 4,
    filename: 'ü "x".txt',
    purpose: 'user_data',
    status: 'processed',
  });
  expect(body).toMatchObject({ expires_at: Number(body['created_at']) + 3600 });
  expect((await api.json('GET', `/files/${body['id']}`)).body).toEqual(body);

  const content = await fetch(`${api.url}/files/${body['id']}/content`, {
    headers: { authorization: `Bearer ${KEY}` },
  });
  expect([content.headers.get('content-length'), await content.text()]).toEqual(['4', 'text']);

  expect((await api.json('DELETE', `/files/${body['id']}`)).body).toEqual({
    id: body['id'],
    object: 'file',
    deleted: true,
  });
  expect((await api.json('GET', `/files/${body['id']}`)).status).toBe(404);
});

it.each<[string, Fields, string, string, string | null]>([
  ['without a purpose', {}, 'a.jsonl', 'x', 'purpose'],
  ['with an unknown purpose', { purpose: 'answers' }, 'a.jsonl', 'x', 'purpose'],
  ['with an unknown field', { purpose: 'batch', colour: 'red' }, 'a.jsonl', 'x', 'colour'],
  [
    'with half an expiry',
    { purpose: 'batch', 'expires_after[seconds]': '3600' },
    'a.jsonl',
    'x',
    'expires_after.anchor',
  ],
  [
    'with a short life',
    { purpose: 'batch', 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '3599' },
    'a.jsonl',
    'x',
    'expires_after.seconds',
  ],
  [
    'with a life in words',
    { purpose: 'batch', 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': 'long' },
    'a.jsonl',
    'x',
    'expires_after.seconds',
  ],
  ['for batch that is no JSONL', { purpose: 'batch' }, 'a.csv', 'x', null],
  ['that is empty', { purpose: 'batch' }, 'a.jsonl', '', 'file'],
])('refuses a file %s and keeps nothing', async (_, fields, filename, text, param) => {
  const api = await local();
  expect(await api.send('POST', '/files', fileForm(fields, filename, text))).toMatchObject({
    status: 400,
    body: { error: { param } },
  });
  expect(await readdir(join(api.dir, 'files'))).toEqual([]);
});

it.each([
  ['data.jsonl', 'data.jsonl'],
  ['a/b\\c:d', 'a_b_c_d'],
  ['../../etc/passwd', '_.._etc_passwd'],
  ['..', 'content'],
  ['file.json', 'content'],
  ['NUL.txt', 'content'],
  ['', 'content'],
  ['x'.repeat(201), 'content'],
])('keeps the content of %j as %j', (filename, name) => {
  expect(contentNameFor(filename)).toBe(name);
});
