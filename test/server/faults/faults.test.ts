import { expect, it } from 'vitest';
import { createFaultPicker } from '../../../src/server/faults/fault-picker.ts';
import { type Fault, parseFaults } from '../../../src/server/server.ts';
import { KEY, type Local, local, partForm, storedPartIds } from '../support/local.ts';
import { FORM_TYPE, formOf, rawRequest, rawSocket, zeros } from '../support/raw.ts';

async function withPartFault(
  fault: Omit<Fault, 'endpoint'>,
): Promise<{ readonly api: Local; readonly id: string; readonly url: string }> {
  const api = await local({ faults: [{ endpoint: 'part', attempt: 1, ...fault }] });
  const id = await api.create({ bytes: 5 });
  return { api, id, url: `${api.url}/uploads/${id}/parts` };
}

async function expectStored({ api, id }: { readonly api: Local; readonly id: string }, parts: number): Promise<void> {
  await expect.poll(() => api.logs.length).toBe(2);
  expect(await storedPartIds(api.dir, id)).toHaveLength(parts);
  expect((await api.part(id, 'hello', 'part-1')).status).toBe(200);
  expect(await storedPartIds(api.dir, id)).toHaveLength(parts + 1);
}

const hungUp = { cause: { code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/) } };

it.each<Fault['do']>([
  'reset-before',
  'reset-in-body',
  'reset-after-body',
])('%s hangs up and stores nothing', async act => {
  const at = await withPartFault({ do: act });
  await expect(at.api.part(at.id, 'hello', 'part-1')).rejects.toMatchObject(hungUp);
  await expectStored(at, 0);
  expect(at.api.logs[1]).toMatchObject({ fault: act, closedEarly: true, part: 1, attempt: 1 });
  expect(at.api.logs[1]).not.toHaveProperty('status');
});

it('reset-in-body hangs up after so many bytes', async () => {
  const at = await withPartFault({ do: 'reset-in-body', afterBytes: 1_000_000 });
  const body = [formOf('').subarray(0, -24), ...zeros(30_000_000)];
  await expect(rawRequest(at.url, { headers: { 'content-type': FORM_TYPE }, body })).rejects.toThrow();
  await expect.poll(() => at.api.logs[1]?.bytesReceived).toSatisfy(bytes => bytes >= 1_000_000 && bytes < 2_000_000);
});

it('lose-reply stores the part and hangs up', async () => {
  const at = await withPartFault({ do: 'lose-reply' });
  await expect(at.api.part(at.id, 'hello', 'part-1')).rejects.toMatchObject(hungUp);
  await expectStored(at, 1);
});

it('status reads all, stores nothing and answers as told', async () => {
  const at = await withPartFault({
    do: 'status',
    status: 429,
    headers: { 'Retry-After': '7', 'X-Should-Retry': 'true' },
  });
  const answer = await at.api.part(at.id, 'hello', 'part-1');
  expect(answer).toMatchObject({ status: 429, body: { error: { code: 'rate_limit_exceeded' } } });
  expect([answer.headers.get('retry-after'), answer.headers.get('x-should-retry')]).toEqual(['7', 'true']);
  expect(at.api.logs[1]?.bytesReceived).toBeGreaterThan(100);
  await expectStored(at, 0);
});

it.each<[string, Partial<Fault>, string, string]>([
  ['HTML', { body: '<h1>502</h1>' }, 'text/html', '<h1>502</h1>'],
  ['text', { body: 'no' }, 'text/plain', 'no'],
  ['an object', { body: { a: 1 } }, 'application/json', '{"a":1}'],
  ['another type', { body: 'a: 1', headers: { 'Content-Type': 'text/yaml' } }, 'text/yaml', 'a: 1'],
])('status answers %s', async (_, fault, type, text) => {
  const at = await withPartFault({ do: 'status', status: 502, ...fault });
  const answer = await rawRequest(at.url, { headers: { 'content-type': FORM_TYPE }, body: [formOf('hello')] });
  expect(answer).toMatchObject({ status: 502, headers: { 'content-type': type }, text });
});

it('early-status answers while the body is going out, and closes', async () => {
  const at = await withPartFault({ do: 'early-status', status: 503, afterBytes: 100_000 });
  const body = [formOf('').subarray(0, -24), ...zeros(60_000_000)];
  const answer = await rawRequest(at.url, { headers: { 'content-type': FORM_TYPE }, body });
  expect(answer).toMatchObject({ status: 503, headers: { connection: 'close' } });
  await expectStored(at, 0);
});

it('early-status with keepOpen reads on and keeps the connection', async () => {
  const at = await withPartFault({ do: 'early-status', status: 503, keepOpen: true });
  const form = formOf(Buffer.alloc(5_000_000, 'x'));
  const head = (method: string, path: string): string =>
    `${method} /v1${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${KEY}\r\n`;
  const part = `${head('POST', `/uploads/${at.id}/parts`)}content-type: ${FORM_TYPE}\r\ncontent-length: ${form.length}\r\n\r\n${form}`;
  const answers = await rawSocket(at.api.url, `${part}${head('GET', '/models')}connection: close\r\n\r\n`);
  expect(answers.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 503', 'HTTP/1.1 200']);
  expect(at.api.logs[1]).toMatchObject({ bytesReceived: form.length });
  expect(await storedPartIds(at.api.dir, at.id)).toEqual([]);
});

it.each([{}, { afterBytes: 10 }])('stall %j never answers and stores nothing', async when => {
  const at = await withPartFault({ do: 'stall', ...when });
  const left = new AbortController();
  const body = partForm('hello', 'part-1');
  const sent = fetch(at.url, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body,
    signal: left.signal,
  });
  const settled = sent.then(
    () => 'answered',
    () => 'given up',
  );
  expect(await Promise.race([settled, at.api.json('GET', '/files').then(() => 'still open')])).toBe('still open');
  left.abort();
  expect(await settled).toBe('given up');
  await expect.poll(() => at.api.logs.map(({ status }) => status)).toEqual([200, 200, undefined]);
  expect(await storedPartIds(at.api.dir, at.id)).toEqual([]);
});

it('slow reads at its rate and goes well', async () => {
  const at = await withPartFault({ do: 'slow', bytesPerSecond: 500_000 });
  const startedAtMs = Date.now();
  expect((await at.api.part(at.id, Buffer.alloc(100_000), 'part-1')).status).toBe(200);
  expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(190);
});

it('truncate-reply stores the part and breaks the answer off', async () => {
  const at = await withPartFault({ do: 'truncate-reply' });
  await expect(at.api.part(at.id, 'hello', 'part-1')).rejects.toThrow();
  await expectStored(at, 1);
  expect(at.api.logs[1]).toMatchObject({ status: 200, closedEarly: true });
});

it.each<[Partial<Fault>, number, string]>([
  [{}, 200, ''],
  [{ body: '<html>' }, 200, '<html>'],
  [{ status: 201, body: { id: 'part_of_another' } }, 201, '{"id":"part_of_another"}'],
])('reply %j stores the part and says something else', async (fault, status, text) => {
  const at = await withPartFault({ do: 'reply', ...fault });
  expect(await rawRequest(at.url, { headers: { 'content-type': FORM_TYPE }, body: [formOf('hello')] })).toMatchObject({
    status,
    text,
  });
  await expectStored(at, 1);
});

it('delayMs waits before the act', async () => {
  const api = await local({ faults: [{ endpoint: 'models', do: 'reply', body: 'late', delayMs: 80 }] });
  const startedAtMs = Date.now();
  await rawRequest(`${api.url}/models`, { method: 'GET' });
  expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(75);
});

it('befalls every endpoint', async () => {
  const api = await local({ faults: [{ endpoint: '*', do: 'status', status: 418 }] });
  const asked = [
    ['POST', '/uploads'],
    ['POST', '/uploads/u/parts'],
    ['POST', '/uploads/u/complete'],
    ['POST', '/uploads/u/cancel'],
    ['GET', '/files'],
    ['POST', '/files'],
    ['GET', '/files/f'],
    ['GET', '/files/f/content'],
    ['DELETE', '/files/f'],
    ['GET', '/models'],
  ] as const;
  for (const [method, path] of asked) expect((await api.json(method, path)).status).toBe(418);
  expect(api.logs.map(({ endpoint }) => endpoint)).toEqual([
    'create',
    'part',
    'complete',
    'cancel',
    'files',
    'upload-file',
    'file',
    'content',
    'delete',
    'models',
  ]);
});

it('counts attempts for each part of each Upload, and lets the first row win', () => {
  const pick = createFaultPicker([
    { endpoint: 'part', part: 2, attempt: [1, 3], do: 'lose-reply' },
    { endpoint: 'part', part: 2, do: 'status' },
    { endpoint: 'complete', attempt: 2, do: 'stall' },
  ]);
  const part = (uploadId: string, partNumber: number): string | undefined =>
    pick({ endpoint: 'part', uploadId, partNumber }).fault?.do;
  expect([part('a', 2), part('b', 2), part('a', 2), part('a', 2), part('a', 1)]).toEqual([
    'lose-reply',
    'lose-reply',
    'status',
    'lose-reply',
    undefined,
  ]);
  const complete = (): string | undefined => pick({ endpoint: 'complete', uploadId: 'a' }).fault?.do;
  expect([complete(), complete(), complete()]).toEqual([undefined, 'stall', undefined]);
});

it('throws the same dice for the same seed', () => {
  const rolls = (seed: number): readonly boolean[] => {
    const pick = createFaultPicker([{ endpoint: '*', chance: 0.3, seed, do: 'status' }]);
    return Array.from({ length: 1000 }, () => pick({ endpoint: 'files', uploadId: '' }).fault !== undefined);
  };
  expect(rolls(7)).toEqual(rolls(7));
  expect(rolls(7)).not.toEqual(rolls(8));
  expect(rolls(7).filter(Boolean).length).toSatisfy(hits => hits > 250 && hits < 350);
});

it.each([
  ['{', /not JSON/],
  ['{}', /array/],
  ['[{"endpoint":"part","do":"status"},{"endpoint":"parts","do":"status"}]', /Fault 2, "endpoint"/],
  ['[{"endpoint":"part"}]', /Fault 1, "do"/],
  ['[{"endpoint":"part","do":"status","stauts":500}]', /Fault 1, "stauts"/],
  ['[{"endpoint":"part","do":"status","attempt":0}]', /Fault 1, "attempt"/],
  ['[7]', /Fault 1: /],
])('explains what is wrong with %s', (text, message) => {
  expect(() => parseFaults(text)).toThrow(message);
});

it('reads rows', () => {
  const rows: readonly Fault[] = [
    { endpoint: 'part', part: 3, attempt: [1, 2], do: 'reply', status: 200, headers: { a: 'b' }, body: { x: 1 } },
  ];
  expect(parseFaults(JSON.stringify(rows))).toEqual(rows);
});
