import { expect, it } from 'vitest';
import { startServer } from '../../../src/server/server.ts';
import { createBody, KEY, local, partForm, scratchFolder, storedPartIds } from '../support/local.ts';
import { FORM_TYPE, formOf, rawRequest, rawSocket, zeros } from '../support/raw.ts';

const MiB = 1024 ** 2;
const [FORM_HEAD, FORM_TAIL] = [formOf('').subarray(0, -24), formOf('').subarray(-24)];

function* partOf(bytes: number): Generator<Buffer> {
  yield FORM_HEAD;
  yield* zeros(bytes);
  yield FORM_TAIL;
}

it('refuses a wrong key while the part is still going out, so that a plain client can read it', async () => {
  const api = await local();
  const id = await api.create();
  const headers = { 'content-type': FORM_TYPE, authorization: 'Bearer wrong' };
  for (const length of [{}, { 'content-length': FORM_HEAD.length + 60 * MiB + FORM_TAIL.length }]) {
    const answer = await rawRequest(`${api.url}/uploads/${id}/parts`, {
      headers: { ...headers, ...length },
      body: partOf(60 * MiB),
    });
    expect(answer).toMatchObject({ status: 401, headers: { connection: 'close' } });
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'invalid_api_key' } });
  }
});

it('refuses a part above 64 MiB by its length, before any of it', async () => {
  const api = await local();
  const id = await api.create();
  const head = `POST /v1/uploads/${id}/parts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${KEY}\r\ncontent-type: ${FORM_TYPE}\r\n`;
  expect(await rawSocket(api.url, `${head}content-length: ${65 * MiB}\r\n\r\n`)).toMatch(/^HTTP\/1.1 413 /);
});

it('refuses a part above 64 MiB by its count, and takes one of exactly 64 MiB', async () => {
  const api = await local();
  const id = await api.create();
  const url = `${api.url}/uploads/${id}/parts`;
  const headers = { 'content-type': FORM_TYPE };
  const over = await rawRequest(url, { headers, body: partOf(64 * MiB + 1) });
  expect(over.status).toBe(413);
  expect(JSON.parse(over.text)).toMatchObject({ error: { param: 'data' } });
  expect(await storedPartIds(api.dir, id)).toEqual([]);
  expect((await rawRequest(url, { headers, body: partOf(64 * MiB) })).status).toBe(200);
});

it('refuses POST /files above 512 MiB by its length', async () => {
  const api = await local();
  const head = `POST /v1/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${KEY}\r\ncontent-type: ${FORM_TYPE}\r\n`;
  expect(await rawSocket(api.url, `${head}content-length: ${513 * MiB}\r\n\r\n`)).toMatch(/^HTTP\/1.1 413 /);
});

it('refuses a part body too many at once', async () => {
  const api = await local({ maxInflight: 1, faults: [{ endpoint: 'part', part: 1, do: 'stall' }] });
  const id = await api.create();
  const left = new AbortController();
  const url = `${api.url}/uploads/${id}/parts`;
  const headers = { authorization: `Bearer ${KEY}` };
  const stalled = fetch(url, { method: 'POST', headers, body: partForm('x', 'part-1'), signal: left.signal });
  const refused = await firstRefusal(() => api.part(id, 'x', 'part-2'));
  expect(refused.headers.get('retry-after')).toBe('1');
  left.abort();
  await expect(stalled).rejects.toThrow();
  await expect.poll(async () => (await api.part(id, 'x', 'part-2')).status).toBe(200);
});

async function firstRefusal<T extends { readonly status: number }>(send: () => Promise<T>): Promise<T> {
  const answer = await send();
  return answer.status === 200 ? firstRefusal(send) : answer;
}

it('takes any bearer where it has no key, but wants one', async () => {
  const { url, close } = await startServer({ host: '127.0.0.1', port: 0, dir: await scratchFolder() });
  const status = async (headers: Record<string, string>): Promise<number> =>
    (await fetch(`${url}/files`, { headers })).status;
  expect([await status({ authorization: 'Bearer anything' }), await status({})]).toEqual([200, 401]);
  await close();
});

it('closes at once, whatever is stalled or idle', async () => {
  const api = await local({
    faults: [
      { endpoint: 'part', do: 'stall', afterBytes: 1 },
      { endpoint: 'models', do: 'stall' },
    ],
  });
  const id = await api.create();
  const stalled = [api.part(id, 'x'), api.json('GET', '/models'), rawSocket(api.url, 'GET /v1/fi')].map(settled);
  await api.json('GET', '/files'); // by now the others have arrived
  const startedAtMs = Date.now();
  await api.close();
  await Promise.all(stalled);
  expect(Date.now() - startedAtMs).toBeLessThan(3000);
});

const settled = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'answered',
    () => 'hung up',
  );

it('waits before each answer as told', async () => {
  const api = await local({ latencyMs: 80 });
  await api.json('POST', '/uploads', createBody());
  const [log] = api.logs;
  expect((log?.endedAtMs ?? 0) - (log?.startedAtMs ?? 0)).toBeGreaterThanOrEqual(75);
});

it('reads a body no faster than told', async () => {
  const api = await local({ bytesPerSecond: MiB });
  const id = await api.create({ bytes: 300_000 });
  const startedAtMs = Date.now();
  expect((await api.part(id, Buffer.alloc(300_000))).status).toBe(200);
  expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(270);
});

it('serves on another connection and method after an early refusal', async () => {
  const api = await local();
  await rawRequest(`${api.url}/uploads`, { headers: { 'content-type': 'application/json' }, body: zeros(8 * MiB) });
  expect((await api.json('GET', '/files')).status).toBe(200);
  // The rest of the refused body may arrive behind the other answer.
  await expect.poll(() => api.logs).toHaveLength(2);
  expect(api.logs.find(({ endpoint }) => endpoint === 'create')).toMatchObject({ status: 413 });
  expect(api.logs.find(({ endpoint }) => endpoint === 'files')).toMatchObject({ status: 200, closedEarly: false });
});
