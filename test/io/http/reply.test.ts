import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { fileId } from '../../../src/core/model/api.ts';
import { apiAt, failureOf, going, KEY, serverOf, UPLOAD } from './sending.ts';

const MiB = 1024 ** 2;

it('cuts off a reply that goes on and on', async () => {
  let written = 0;
  const port = await serverOf((_request, response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && written < 200 * MiB) {
        written += MiB;
        if (!response.write(Buffer.alloc(MiB, ' '))) return void response.once('drain', more);
      }
    };
    more();
  });
  const failure = await failureOf(apiAt(port).api.cancel(UPLOAD, going));
  expect(failure).toMatchObject({ kind: 'malformed', status: 200 });
  expect(failure.message).toContain('it does not end');
  expect(written).toBeLessThan(50 * MiB);
});

it('keeps the status of a refusal that goes on and on', async () => {
  const port = await serverOf((_request, response) => response.writeHead(403).end(Buffer.alloc(10 * MiB, 'x')));
  expect(await failureOf(apiAt(port).api.cancel(UPLOAD, going))).toMatchObject({ kind: 'status', status: 403 });
});

it('reads a packed reply', async () => {
  const port = await serverOf((_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify({ id: UPLOAD }))),
  );
  expect(await apiAt(port).api.cancel(UPLOAD, going)).toMatchObject({ id: UPLOAD });
});

it('reads content of any size', async () => {
  const port = await serverOf((_request, response) => response.writeHead(200).end(Buffer.alloc(10 * MiB)));
  const { api, records } = apiAt(port);
  let bytes = 0;
  for await (const chunk of api.content(fileId('file-1'), going)) bytes += chunk.length;
  expect(bytes).toBe(10 * MiB);
  expect(records).toMatchObject([{ endpoint: 'content', status: 200, bytesReceived: 10 * MiB }]);
});

it('never repeats the key after the server', async () => {
  const port = await serverOf((_request, response) =>
    response
      .writeHead(401, { 'x-request-id': `req-${KEY}`, 'x-echo': KEY })
      .end(JSON.stringify({ error: { message: `Incorrect API key provided: ${KEY}.` } })),
  );
  const { api, records } = apiAt(port, { headers: { 'x-mine': 'a secret of mine' } });
  const failure = await failureOf(api.cancel(UPLOAD, going));
  expect(failure.message).toContain('Incorrect API key provided: [secret].');
  const told = JSON.stringify([failure, records]);
  expect(told).not.toContain(KEY);
  expect(told).not.toContain('a secret of mine');
  expect(records[0]?.detail?.requestHeaders).toMatchObject({ authorization: '[redacted]', 'x-mine': '[redacted]' });
});
