import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { fileId } from '../../../src/core/model/api.ts';
import type { UploadsApi } from '../../../src/core/ports.ts';
import { ANSWERED_PART, apiAt, failureOf, going, serverOf, UPLOAD, zeros } from './sending.ts';

type Seen = { readonly method: string | undefined; readonly url: string | undefined; readonly bytes: number };

const REQUEST = { filename: 'f', purpose: 'batch', bytes: 10, mimeType: 'text/plain' };
const CREATED = JSON.stringify({ id: UPLOAD, object: 'upload', status: 'pending' });

/** Sends everything below /v1 elsewhere, and answers everything below /v2. */
async function redirecting(status: number, locationOf: (url: string) => string, body = CREATED) {
  const seen: Seen[] = [];
  const see = async (request: IncomingMessage): Promise<void> => {
    seen.push({ method: request.method, url: request.url, bytes: (await buffer(request)).length });
  };
  const port = await serverOf(async (request, response) => {
    const { url = '' } = request;
    if (url.startsWith('/v1/')) {
      // At once, as servers do, whatever is still coming.
      response.writeHead(status, { location: locationOf(url) }).end();
      seen.push({ method: request.method, url, bytes: 0 });
      request.resume();
      return;
    }
    await see(request);
    response.writeHead(200).end(body);
  });
  return { port, seen };
}

const toV2 = (url: string): string => url.replace('/v1/', '/v2/');

it.each([307, 308])('sends a POST again where a %d says, with its body', async status => {
  const { port, seen } = await redirecting(status, toV2);
  expect(await apiAt(port).api.create(REQUEST, going)).toMatchObject({ id: UPLOAD });
  expect(seen).toMatchObject([
    { method: 'POST', url: '/v1/uploads' },
    { method: 'POST', url: '/v2/uploads' },
  ]);
  expect(seen[1]?.bytes).toBeGreaterThan(50);
});

it.each([307, 308])('reads a part afresh where a %d sends it elsewhere', async status => {
  const { port, seen } = await redirecting(status, toV2, ANSWERED_PART);
  const part = zeros(20 * 1024 ** 2);
  expect(await apiAt(port).api.addPart(UPLOAD, part.body, going)).toMatchObject({ id: 'part_1' });
  expect(part.reads).toBe(2);
  expect(seen[1]?.url).toBe('/v2/uploads/upload_1/parts');
  expect(seen[1]?.bytes).toBeGreaterThan(20 * 1024 ** 2);
});

it.each([301, 302, 303, 307, 308])('follows a %d of a GET', async status => {
  const { port, seen } = await redirecting(status, toV2, JSON.stringify({ id: 'file-1', object: 'file' }));
  expect(await apiAt(port).api.file(fileId('file-1'), going)).toMatchObject({ id: 'file-1' });
  let text = '';
  for await (const chunk of apiAt(port).api.content(fileId('file-1'), going)) text += Buffer.from(chunk);
  expect(text).toContain('file-1');
  expect(seen.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'GET']);
});

it.each([301, 302, 303])('does not turn a POST into a GET for a %d', async status => {
  const { port, seen } = await redirecting(status, toV2);
  expect(await failureOf(apiAt(port).api.create(REQUEST, going))).toMatchObject({
    status,
    reason: `http-${status}`,
    retryable: false,
    hint: `if that is the API, name it: --base-url http://127.0.0.1:${port}/v2`,
  });
  expect(seen).toHaveLength(1);
});

it('gives up after five redirects', async () => {
  const { port, seen } = await redirecting(308, url => `${url}/`);
  const failure = await failureOf(apiAt(port).api.create(REQUEST, going));
  expect(failure.message).toContain('it sends us on after 5 redirects');
  expect(seen).toHaveLength(6);
});

describe('to another origin', () => {
  const calls: Record<string, (api: UploadsApi) => Promise<unknown>> = {
    create: api => api.create(REQUEST, going),
    part: api => api.addPart(UPLOAD, zeros(8 * 1024 ** 2).body, going),
    file: api => api.file(fileId('file-1'), going),
    content: api => api.content(fileId('file-1'), going)[Symbol.asyncIterator]().next(),
  };

  it.each(Object.entries(calls))('sends no %s, and no key', async (_name, call) => {
    const other = await redirecting(200, toV2);
    const { port } = await redirecting(308, url => `http://127.0.0.1:${other.port}${toV2(url)}`);
    const failure = await failureOf(call(apiAt(port).api));
    expect(failure).toMatchObject({ status: 308, reason: 'http-308', retryable: false });
    expect(failure.message).toContain(
      `it sends us to another host, 127.0.0.1:${other.port}: the key does not go there`,
    );
    expect(failure.hint).toBe(`if that is the API, name it: --base-url http://127.0.0.1:${other.port}/v2`);
    expect(other.seen).toEqual([]);
  });

  it('takes another scheme for another origin', async () => {
    const { port } = await redirecting(308, url => `https://127.0.0.1:${port}${url}`);
    const failure = await failureOf(apiAt(port).api.create(REQUEST, going));
    expect(failure.message).toContain(`https://127.0.0.1:${port}, another scheme: the key does not go there`);
  });
});

it('does not follow a redirect to nowhere', async () => {
  const { port } = await redirecting(302, () => '');
  expect((await failureOf(apiAt(port).api.file(fileId('file-1'), going))).message).toContain('a redirect to nowhere');
});
