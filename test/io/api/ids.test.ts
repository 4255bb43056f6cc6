import { expect, it } from 'vitest';
import { fileId, uploadId } from '../../../src/core/model/api.ts';
import { answer, apiAt, failureOf, going, rawServerOf } from '../http/sending.ts';

/** Answers all requests with one body, and keeps their first lines. */
async function answering(body: object) {
  const lines: string[] = [];
  const port = await rawServerOf(socket => {
    socket.on('data', chunk => {
      lines.push(chunk.toString('latin1').split('\r\n')[0] ?? '');
      socket.write(answer(200, JSON.stringify(body)));
    });
  });
  return { lines, ...apiAt(port) };
}

it('11: encodes an id in the path', async () => {
  const id = 'aGVsbG8+/w==:@~';
  const { api, lines } = await answering({ id });
  await api.file(fileId(id), going);
  await api.cancel(uploadId(id), going);
  expect(lines).toEqual([
    'GET /v1/files/aGVsbG8%2B%2Fw%3D%3D%3A%40~ HTTP/1.1',
    'POST /v1/uploads/aGVsbG8%2B%2Fw%3D%3D%3A%40~/cancel HTTP/1.1',
  ]);
});

it.each(['..', '.', '../../admin', 'a?b=c', 'a\r\nx: y', ''])('11: sends nothing for the id %j', async id => {
  const { api, lines } = await answering({ id });
  const calls = [
    () => api.file(fileId(id), going),
    () => api.poll(fileId(id), going),
    () => api.cancel(uploadId(id), going),
    async () => {
      for await (const _ of api.content(fileId(id), going));
    },
  ];
  for (const call of calls) await expect((async () => call())()).rejects.toMatchObject({ code: 'USAGE' });
  expect(lines).toEqual([]);
});

it.each([
  '..',
  'upload_\n',
  '\u001b]0;x\u0007',
  'upload 1',
  '::stop::',
])('11: takes the id %j for a malformed reply', async id => {
  const { api } = await answering({ id, object: 'upload', status: 'pending' });
  const request = { filename: 'f', purpose: 'batch', bytes: 1, mimeType: 'text/plain' };
  expect(await failureOf(api.create(request, going))).toMatchObject({ kind: 'malformed', retryable: true });
});

it('13: a File that is too deep to be written is a File', async () => {
  const levels = 100_000;
  const deep = `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const body = `{"id":"upload_1","status":"completed","bytes":3,"file":{"id":"file-1","bytes":3,"x":${deep}},"y":${deep}}`;
  const port = await rawServerOf(socket => void socket.on('data', () => socket.write(answer(200, body))));
  const { file } = await apiAt(port).api.complete(uploadId('upload_1'), [], { md5: undefined, bytes: 3 }, going);
  expect(JSON.stringify(file)).toContain('"id":"file-1"');
});

it('13: an upload that expires before it began has no known end', async () => {
  const { api } = await answering({ id: 'upload_1', created_at: 1721510071, expires_at: 1719127296 });
  const request = { filename: 'f', purpose: 'batch', bytes: 1, mimeType: 'text/plain' };
  expect((await api.create(request, going)).expires_at).toBeUndefined();
});

it.each(['Mon, 01 Jan 1900 00:00:00 GMT', 'Fri, 31 Dec 9999 23:59:59 GMT'])('13: ignores the date %s', async date => {
  const port = await rawServerOf(
    socket => void socket.on('data', () => socket.write(answer(200, '{"id":"upload_1"}', `date: ${date}\r\n`))),
  );
  const { api } = apiAt(port);
  await api.cancel(uploadId('upload_1'), going);
  expect(Math.abs(api.now() - Date.now())).toBeLessThan(10_000);
});
