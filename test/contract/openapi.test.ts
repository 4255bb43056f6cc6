import { expect, it } from 'vitest';
import { type Answer, createBody, KEY, type Local, local, partForm } from '../server/support/local.ts';
import { assertReply, assertRequest, type Operation } from '../support/openapi/validate.ts';

const done = (operation: Operation, { status, body }: Answer): Answer['body'] => {
  expect(status).toBe(200);
  assertReply(operation, status, body);
  return body;
};

async function completed(api: Local, fields: object): Promise<Answer['body']> {
  const request = createBody(fields);
  assertRequest('createUpload', request);
  const id = String(done('createUpload', await api.json('POST', '/uploads', request))['id']);
  const part = done('addUploadPart', await api.send('POST', `/uploads/${id}/parts`, partForm('hello world', 'part-1')));
  const listed = { part_ids: [part['id']], md5: '5eb63bbbe01eeed093cb22bb8f5acdc3' };
  assertRequest('completeUpload', listed);
  return done('completeUpload', await api.json('POST', `/uploads/${id}/complete`, listed));
}

it.each([
  { purpose: 'assistants' },
  { purpose: 'batch' },
  { purpose: 'evals' },
  { purpose: 'user_data', expires_after: { anchor: 'created_at', seconds: 3600 } },
])('an Upload for %j is answered as OpenAI describes it', async fields => {
  const api = await local();
  const { file } = await completed(api, fields);
  const path = `/files/${file?.['id']}`;
  expect(done('retrieveFile', await api.json('GET', path))).toEqual(file);
  const content = await fetch(`${api.url}${path}/content`, { headers: { authorization: `Bearer ${KEY}` } });
  assertReply('downloadFile', content.status, await content.text());
  done('deleteFile', await api.json('DELETE', path));
});

it('cancel, the list and a single-request file are answered as OpenAI describes them', async () => {
  const api = await local();
  done('cancelUpload', await api.json('POST', `/uploads/${await api.create()}/cancel`));
  done('listFiles', await api.json('GET', '/files'));
  const form = new FormData();
  form.set('file', new Blob(['{}']), 'a.jsonl');
  form.set('purpose', 'fine-tune');
  assertRequest('createFile', { file: '{}', purpose: 'fine-tune' });
  done('createFile', await api.send('POST', '/files', form));
  await completed(api, {});
  assertRequest('listFiles', { purpose: 'fine-tune', limit: '1', order: 'asc' });
  done('listFiles', await api.json('GET', '/files?purpose=fine-tune&limit=1&order=asc'));
});

it('refusals have the shape of errors', async () => {
  const api = await local();
  const answers: readonly (readonly [Operation, Answer])[] = [
    ['createUpload', await api.json('POST', '/uploads', {})],
    ['addUploadPart', await api.json('POST', '/uploads/x/parts', {})],
    ['completeUpload', await api.json('POST', '/uploads/x/complete', { part_ids: ['x'] })],
    ['retrieveFile', await api.json('GET', '/files/x')],
    ['listFiles', await api.send('GET', '/files', undefined, { authorization: '' })],
  ];
  for (const [operation, { status, body }] of answers) {
    expect(status).toBeGreaterThanOrEqual(400);
    assertReply(operation, status, body);
  }
});

it.each<[Operation, unknown]>([
  ['createUpload', createBody({ bytes: '11' })],
  ['createUpload', createBody({ purpose: 'answers' })],
  ['createUpload', createBody({ colour: 'red' })],
  ['completeUpload', { part_ids: 'part_1' }],
  ['completeUpload', { part_ids: [], md5: null }],
  ['addUploadPart', { data: 'x', filename: 'y' }],
  ['listFiles', { limit: 'ten' }],
  ['listFiles', { colour: 'red' }],
])('the description refuses the %s request %j', (operation, body) => {
  expect(() => assertRequest(operation, body)).toThrow(operation);
});

it('the description takes nulls where newer pages do, and no missing fields', () => {
  const file = {
    id: 'f',
    object: 'file',
    bytes: null,
    created_at: 1,
    expires_at: null,
    filename: 'a',
    purpose: 'evals',
    status: 'processed',
  };
  const upload = {
    id: 'u',
    object: 'upload',
    bytes: 1,
    created_at: 1,
    expires_at: 2,
    filename: 'a',
    purpose: 'batch',
    status: 'pending',
  };
  assertReply('completeUpload', 200, { ...upload, file });
  assertReply('createUpload', 200, { ...upload, file: null });
  expect(() => assertReply('createUpload', 200, { ...upload, status: 'new' })).toThrow(/status/);
  expect(() => assertReply('retrieveFile', 200, { id: 'f' })).toThrow(/filename/);
});
