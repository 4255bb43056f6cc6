import { connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { createBody, KEY, type Local, local, partForm, storedPartIds } from '../support/local.ts';
import { BOUNDARY, FORM_TYPE, formOf, rawRequest } from '../support/raw.ts';

const expectRefusal = (answer: { status: number; body: unknown }, status: number, param: string | null): void =>
  expect(answer).toMatchObject({
    status,
    body: {
      error: {
        message: expect.stringMatching(/\S/),
        type: expect.any(String),
        param,
        code: expect.toSatisfy(code => code === null || typeof code === 'string'),
      },
    },
  });

it.each<[string, object, string]>([
  ['no filename', { filename: undefined }, 'filename'],
  ['no purpose', { purpose: undefined }, 'purpose'],
  ['no bytes', { bytes: undefined }, 'bytes'],
  ['no mime_type', { mime_type: undefined }, 'mime_type'],
  ['an empty filename', { filename: '' }, 'filename'],
  ['an empty mime_type', { mime_type: '' }, 'mime_type'],
  ['a filename that is a number', { filename: 1 }, 'filename'],
  ['an unknown purpose', { purpose: 'answers' }, 'purpose'],
  ['bytes in a string', { bytes: '11' }, 'bytes'],
  ['bytes with a fraction', { bytes: 1.5 }, 'bytes'],
  ['bytes null', { bytes: null }, 'bytes'],
  ['bytes 0', { bytes: 0 }, 'bytes'],
  ['bytes -1', { bytes: -1 }, 'bytes'],
  ['more than 8 GiB', { bytes: 8 * 1024 ** 3 + 1 }, 'bytes'],
  ['an unknown field', { md5: 'x' }, 'md5'],
  ['expires_after as a number', { expires_after: 3600 }, 'expires_after'],
  ['expires_after null', { expires_after: null }, 'expires_after'],
  ['no anchor', { expires_after: { seconds: 3600 } }, 'expires_after.anchor'],
  ['another anchor', { expires_after: { anchor: 'now', seconds: 3600 } }, 'expires_after.anchor'],
  ['no seconds', { expires_after: { anchor: 'created_at' } }, 'expires_after.seconds'],
  ['too few seconds', { expires_after: { anchor: 'created_at', seconds: 3599 } }, 'expires_after.seconds'],
  ['too many seconds', { expires_after: { anchor: 'created_at', seconds: 2_592_001 } }, 'expires_after.seconds'],
  [
    'an unknown field in expires_after',
    { expires_after: { anchor: 'created_at', seconds: 3600, x: 1 } },
    'expires_after.x',
  ],
])('refuses to create with %s', async (_, fields, param) => {
  const api = await local();
  expectRefusal(await api.json('POST', '/uploads', createBody(fields)), 400, param);
});

it.each([8 * 1024 ** 3, 1])('creates an Upload of %i bytes', async bytes => {
  const api = await local();
  expect((await api.json('POST', '/uploads', createBody({ bytes }))).status).toBe(200);
});

it.each(['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals'])('creates for %s', async purpose => {
  const api = await local();
  expect((await api.json('POST', '/uploads', createBody({ purpose }))).status).toBe(200);
});

it.each([
  ['no JSON', '{"bytes":', 'application/json'],
  ['an array', '[]', 'application/json'],
  ['nothing', '', 'application/json'],
  ['broken UTF-8', Buffer.from([0x22, 0xff, 0x22]).toString('latin1'), 'application/json'],
  ['a form', 'a=b', 'application/x-www-form-urlencoded'],
  ['JSON that is called text', JSON.stringify(createBody()), 'text/plain'],
])('refuses to create from %s', async (_, body, type) => {
  const api = await local();
  const bytes = new Uint8Array(Buffer.from(body, 'latin1'));
  expectRefusal(await api.send('POST', '/uploads', bytes, { 'content-type': type }), 400, null);
});

it.each<[string, (parts: readonly string[]) => object, string]>([
  ['no part_ids', () => ({}), 'part_ids'],
  ['part_ids in a string', ([id]) => ({ part_ids: id }), 'part_ids'],
  ['no part', () => ({ part_ids: [] }), 'part_ids'],
  ['a number for a part', () => ({ part_ids: [1] }), 'part_ids.0'],
  ['an empty part id', () => ({ part_ids: [''] }), 'part_ids.0'],
  ['an unknown part', ([id]) => ({ part_ids: [id, `part_${'x'.repeat(24)}`] }), 'part_ids'],
  ['a path for a part', ([id]) => ({ part_ids: [id, '../upload.json'] }), 'part_ids'],
  ['a part twice', ([id]) => ({ part_ids: [id, id] }), 'part_ids'],
  ["another Upload's part", ([, other]) => ({ part_ids: [other] }), 'part_ids'],
  ['too few bytes', ([id]) => ({ part_ids: [id] }), 'bytes'],
  ['an md5 in base64', ([id]) => ({ part_ids: [id], md5: 'XrY7u+Ae7tCTyyK7j1rNww==' }), 'md5'],
  ['an md5 of null', ([id]) => ({ part_ids: [id], md5: null }), 'md5'],
  ['an unknown field', ([id]) => ({ part_ids: [id], sha1: 'x' }), 'sha1'],
])('refuses to complete with %s', async (_, body, param) => {
  const api = await local();
  const [id, otherId] = [await api.create(), await api.create()];
  const parts = [await api.part(id, 'hello'), await api.part(otherId, 'hello world')].map(part =>
    String(part.body['id']),
  );
  expectRefusal(await api.json('POST', `/uploads/${id}/complete`, body(parts)), 400, param);
});

const disposition = (head: string): string => `--${BOUNDARY}\r\nContent-Disposition: ${head}\r\n\r\nx\r\n`;

it.each<[string, string | Buffer, string | null]>([
  ['nothing', '', null],
  ['an empty part', formOf(''), 'data'],
  ['a field of another name', formOf('x', 'form-data; name="file"; filename="x"'), 'file'],
  ['no field', `--${BOUNDARY}--\r\n`, 'data'],
  ['two parts', disposition('form-data; name="data"; filename="a"') + formOf('y'), 'data'],
  ['a field too many', disposition('form-data; name="data"; filename="a"') + formOf('y', 'form-data; name="n"'), 'n'],
  ['another boundary', formOf('x').toString().replaceAll(BOUNDARY, 'other'), null],
  ['no closing boundary', formOf('x').subarray(0, -4), null],
])('refuses %s for a part and stores nothing', async (_, body, param) => {
  const api = await local();
  const id = await api.create();
  const answer = await api.send('POST', `/uploads/${id}/parts`, new Uint8Array(Buffer.from(body)), {
    'content-type': FORM_TYPE,
  });
  expectRefusal(answer, 400, param);
  expect(await storedPartIds(api.dir, id)).toEqual([]);
});

it('takes a part in chunks of unknown length', async () => {
  const api = await local();
  const id = await api.create({ bytes: 5 });
  const [head, tail] = [formOf('hello').subarray(0, 90), formOf('hello').subarray(90)];
  const { status } = await rawRequest(`${api.url}/uploads/${id}/parts`, {
    headers: { 'content-type': FORM_TYPE },
    body: [head, tail],
  });
  expect(status).toBe(200);
});

it.each<[string, (socket: Socket) => void]>([
  ['ends', socket => socket.end()],
  ['is reset', socket => socket.resetAndDestroy()],
])('stores nothing of a part whose connection %s in the middle', async (_, breakOff) => {
  const api = await local();
  const id = await api.create();
  const [whole, socket] = [formOf('hello'), connect(Number(new URL(api.url).port), '127.0.0.1')];
  socket.write(`POST /v1/uploads/${id}/parts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${KEY}\r\n`);
  socket.write(`content-type: ${FORM_TYPE}\r\ncontent-length: ${whole.length}\r\n\r\n${whole.subarray(0, -4)}`);
  await expect.poll(() => storedPartIds(api.dir, id)).toEqual([expect.stringMatching(/\.tmp$/)]);
  breakOff(socket);
  await expect.poll(() => storedPartIds(api.dir, id)).toEqual([]);
  expect(api.logs[1]).toMatchObject({ closedEarly: true, bytesReceived: whole.length - 4 });
});

it.each<[string, string, number]>([
  ['GET', '/uploads', 405],
  ['PUT', '/files', 405],
  ['GET', '/nothing', 404],
  ['GET', '/files/', 404],
  ['GET', `/files/file-${'x'.repeat(24)}`, 404],
  ['GET', '/files/..%2f..%2fetc', 404],
  ['GET', `/files/file-${'x'.repeat(24)}/content`, 404],
  ['DELETE', '/files/file-x', 404],
  ['GET', '/files?limit=0', 400],
  ['GET', '/files?limit=10001', 400],
  ['GET', '/files?limit=ten', 400],
  ['GET', '/files?order=up', 400],
  ['GET', '/files?after=file-x', 400],
  ['POST', `/uploads/upload_${'x'.repeat(24)}/cancel`, 404],
])('answers %s %s with %i', async (method, path, status) => {
  const api = await local();
  expect((await api.json(method, path)).status).toBe(status);
});

it('answers outside of /v1 with 404 in the usual shape', async () => {
  const api = await local();
  const reply = await fetch(new URL('/files', api.url));
  expect(reply.status).toBe(404);
  expect(await reply.json()).toMatchObject({
    error: { message: 'Invalid URL (GET /files)', type: 'invalid_request_error', param: null, code: null },
  });
});

it('knows no unknown Upload', async () => {
  const api = await local();
  for (const id of [`upload_${'x'.repeat(24)}`, 'upload_..', 'x']) {
    expect((await api.send('POST', `/uploads/${id}/parts`, partForm('x', 'f'))).status).toBe(404);
    expect((await api.complete(id, ['part_x'])).status).toBe(404);
  }
});

it('takes no body for cancel', async () => {
  const api = await local();
  const id = await api.create();
  expect((await api.json('POST', `/uploads/${id}/cancel`, {})).status).toBe(400);
});

it('never repeats a key', async () => {
  const api: Local = await local();
  const wrong = await api.send('GET', '/files', undefined, { authorization: 'Bearer sk-secret-but-wrong' });
  expect(wrong).toMatchObject({ status: 401, body: { error: { code: 'invalid_api_key' } } });
  expect(JSON.stringify(wrong.body)).not.toContain('secret');
  for (const authorization of ['', 'Bearer', 'Basic abc']) {
    expect((await api.send('GET', '/files', undefined, { authorization })).status).toBe(401);
  }
});

it('12.21: takes data without a filename, as `curl -F data="base64…"` sends it', async () => {
  const api = await local();
  const id = await api.create();
  const answer = await api.send(
    'POST',
    `/uploads/${id}/parts`,
    new Uint8Array(formOf('aGVsbG8=', 'form-data; name="data"')),
    {
      'content-type': FORM_TYPE,
    },
  );
  expect(answer.status).toBe(200);
  expect(await storedPartIds(api.dir, id)).toEqual([answer.body['id']]);
});
