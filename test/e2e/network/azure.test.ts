import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { type Json, linesOf, sandbox } from '../../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../../support/files.ts';
import { listening } from '../../support/listening.ts';

const KEY = 'azure-key-0123456789abcdef';
const ID = 'fine-tune-0123456789abcdef0123456789abcdef';
const PUSH = ['push', 'f', '--purpose', 'user_data', '--part-size', '64KiB', '--concurrency', '1'];

type Seen = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

/** Answers as Azure's examples do. The `stallAt`th part gets no answer; some resources have no v1 API. */
async function azure(stallAt = Number.POSITIVE_INFINITY, { hasV1 = true } = {}) {
  const seen: Seen[] = [];
  const state = { stallAt };
  let stall = (): void => {};
  const stalled = new Promise<void>(resolve => {
    stall = resolve;
  });
  const parts = new Map<string, Buffer>();
  let stored = Buffer.alloc(0);
  const upload = (status: string) => ({
    id: ID,
    object: 'upload',
    bytes: 200 * KiB,
    filename: 'f',
    purpose: 'user_data',
    status,
  });
  const answers: readonly (readonly [RegExp, (body: Buffer) => readonly [number, Json]])[] = [
    [
      /\/uploads$/,
      () => [201, { ...upload('pending'), created_at: 1, expires_at: Math.ceil(Date.now() / 1000) + 7200 }],
    ],
    [
      /\/parts$/,
      body => {
        const head = body.indexOf('\r\n\r\n') + 4;
        const id = `uplprt-${md5(body)}`;
        parts.set(id, body.subarray(head, body.lastIndexOf('\r\n--')));
        return [200, { id, object: 'upload.part', upload_id: ID, azure_block_id: btoa(md5(body)) }];
      },
    ],
    [
      /\/complete$/,
      body => {
        const { md5: given, part_ids: ids } = JSON.parse(body.toString()) as {
          md5: string;
          part_ids: readonly string[];
        };
        stored = Buffer.concat(ids.map(id => parts.get(id) ?? Buffer.alloc(0)));
        if (given !== md5(stored)) return [400, { error: { code: 'invalidPayload', message: 'Invalid md5.' } }];
        return [200, { ...upload('completed'), file: { id: 'file-azure', bytes: 200 * KiB, status: 'processed' } }];
      },
    ],
    [/\/cancel$/, () => [200, upload('cancelled')]],
  ];
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const body = await buffer(request).catch(() => Buffer.alloc(0));
    seen.push({ method, url, headers, body });
    if (seen.filter(one => one.url.includes('/parts')).length === state.stallAt) return stall();
    const isThere = !url.startsWith('/nowhere') && (hasV1 || !url.startsWith('/openai/v1/'));
    const found = isThere && answers.find(([path]) => path.test(new URL(url, 'http://x').pathname));
    const [status, json] = (found || undefined)?.[1](body) ?? [
      404,
      { error: { code: '404', message: 'Resource not found' } },
    ];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  });
  const port = await listening(server);
  return { endpoint: `http://127.0.0.1:${port}`, seen, state, stalled, stored: () => stored };
}

const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

it.each([
  { api: 'classic', version: '2024-10-21', path: '/openai/uploads', query: '?api-version=2024-10-21' },
  { api: 'v1', version: '', path: '/openai/v1/uploads', query: '' },
])('pushes to the $api API with its own header, path and query', async ({ version, path, query }) => {
  const box = await sandbox();
  const { endpoint, seen, stored } = await azure();
  const file = await randomFile(box.path('f'), 200 * KiB);
  const env = { AZURE_OPENAI_ENDPOINT: endpoint, AZURE_OPENAI_API_KEY: KEY, OPENAI_API_VERSION: version };
  const { exitCode, stdout, stderr } = await box.run([...PUSH, '--organization', 'org-1'], { env });
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toBe('file-azure\n');
  expect(stderr.split('\n')[0]).toBe(`uploading to ${new URL(endpoint).host}`);
  const part = `POST ${path}/${ID}/parts${query}`;
  expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `POST ${path}${query}`,
    ...[part, part, part, part],
    `POST ${path}/${ID}/complete${query}`,
  ]);
  for (const { headers } of seen) {
    expect(headers).toMatchObject({ 'api-key': KEY });
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('openai-organization');
  }
  // The ids of the parts, not their azure_block_id.
  const { part_ids: ids } = JSON.parse(seen.at(-1)?.body.toString() ?? '') as { part_ids: readonly string[] };
  expect(ids).toHaveLength(4);
  expect(ids.every(id => /^uplprt-[0-9a-f]{32}$/.test(id))).toBe(true);
  expect(md5(stored())).toBe(await md5OfFile(file));
});

it('16.14: takes the classic API of a resource that has no v1 API, says so, and remembers it', async () => {
  const box = await sandbox();
  const { endpoint, seen, state, stalled, stored } = await azure(3, { hasV1: false });
  const file = await randomFile(box.path('f'), 200 * KiB);
  const env = { AZURE_OPENAI_ENDPOINT: endpoint, AZURE_OPENAI_API_KEY: KEY };
  const run = box.start(PUSH, { env });
  await stalled;
  run.kill('SIGINT');
  const { exitCode, stderr } = await run.ended;
  expect(exitCode).toBe(130);
  expect(stderr).toContain('takes no uploads on its v1 API: the classic API is used, version 2024-10-21');
  const classic = `/openai/uploads/${ID}/parts?api-version=2024-10-21`;
  const urls = ['/openai/v1/uploads', '/openai/uploads?api-version=2024-10-21', classic, classic, classic];
  expect(seen.map(({ url }) => url)).toEqual(urls);

  state.stallAt = Number.POSITIVE_INFINITY;
  const again = await box.run(PUSH, { env });
  expect(again.exitCode, again.stderr).toBe(0);
  expect(again.stdout).toBe('file-azure\n');
  expect(seen.slice(urls.length).map(({ url }) => url)).toEqual([
    ...[classic, classic],
    `/openai/uploads/${ID}/complete?api-version=2024-10-21`,
  ]);
  expect(md5(stored())).toBe(await md5OfFile(file));
});

it('16.14: cancels there too', async () => {
  const box = await sandbox();
  const { endpoint, seen, state, stalled } = await azure(2, { hasV1: false });
  await randomFile(box.path('f'), 200 * KiB);
  const env = { AZURE_OPENAI_ENDPOINT: endpoint, AZURE_OPENAI_API_KEY: KEY };
  const run = box.start(PUSH, { env });
  await stalled;
  run.kill('SIGKILL');
  await run.ended;
  state.stallAt = Number.POSITIVE_INFINITY;
  const { exitCode, stderr } = await box.run(['cancel', '--all'], { env });
  expect(exitCode, stderr).toBe(0);
  expect(seen.at(-1)?.url).toBe(`/openai/uploads/${ID}/cancel?api-version=2024-10-21`);
  expect(await box.journals()).toEqual([]);
});

it('16.14: keeps to the v1 API where the classic one would drop --expires-after, and where it has none either', async () => {
  const box = await sandbox();
  const { endpoint, seen } = await azure(undefined, { hasV1: false });
  await randomFile(box.path('f'), 10);
  const env = { AZURE_OPENAI_ENDPOINT: endpoint, AZURE_OPENAI_API_KEY: KEY };
  const expiring = await box.run([...PUSH, '--expires-after', '1d'], { env });
  expect(expiring.exitCode, expiring.stderr).toBe(6);
  expect(expiring.stderr).toContain('--expires-after');
  expect(seen.map(({ url }) => url)).toEqual(['/openai/v1/uploads']);
  const nowhere = await box.run(PUSH, { env: { ...env, AZURE_OPENAI_ENDPOINT: `${endpoint}/nowhere` } });
  expect(seen.slice(1).map(({ url }) => url)).toEqual([
    '/nowhere/openai/v1/uploads',
    '/nowhere/openai/uploads?api-version=2024-10-21',
  ]);
  expect(nowhere.exitCode).toBe(6);
  expect(nowhere.stderr).not.toContain('the classic API is used');
});

it('12.7: resumes at Azure what was begun there, whatever the environment now names, where the base URL allows its host', async () => {
  const box = await sandbox();
  const { endpoint, seen, state, stalled } = await azure(3);
  await randomFile(box.path('f'), 200 * KiB);
  const env = { AZURE_OPENAI_ENDPOINT: endpoint, AZURE_OPENAI_API_KEY: KEY, OPENAI_API_VERSION: '2024-10-21' };
  const run = box.start([...PUSH, '--progress', 'json'], { env });
  await stalled;
  run.kill('SIGINT');
  expect((await run.ended).exitCode).toBe(130);
  const [journal = ''] = await box.journals();
  expect(await readFile(journal, 'utf8')).not.toContain(KEY);

  const later = { AZURE_OPENAI_API_KEY: KEY, OPENAI_API_KEY: 'sk-not-for-azure' };
  state.stallAt = Number.POSITIVE_INFINITY;
  const sent = seen.length;
  const untold = await box.run(['resume', '--all'], { env: later });
  expect(untold.exitCode).toBe(2);
  const [, flag = '', url = ''] = /(--base-url) (\S+)/.exec(untold.stderr) ?? [];
  const { exitCode, stdout, stderr } = await box.run(['resume', '--all', flag, url], { env: later });
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toBe('file-azure\n');
  expect(seen.slice(sent).map(({ url }) => url)).toEqual([
    ...Array<string>(2).fill(`/openai/uploads/${ID}/parts?api-version=2024-10-21`),
    `/openai/uploads/${ID}/complete?api-version=2024-10-21`,
  ]);
  expect(seen.every(({ headers }) => headers['api-key'] === KEY && !headers.authorization)).toBe(true);
});

it('asks for the key of Azure by its name', async () => {
  const box = await sandbox();
  await randomFile(box.path('f'), 10);
  const { exitCode, stderr } = await box.run(PUSH, { env: { AZURE_OPENAI_ENDPOINT: 'https://me.openai.azure.com' } });
  expect(exitCode).toBe(2);
  expect(linesOf(stderr)[0]).toContain('no key: AZURE_OPENAI_API_KEY is not set');
});

it.each([
  { flags: [], exitCode: 2 },
  { flags: ['--dry-run'], exitCode: 2 },
  { flags: ['--local'], exitCode: 0 },
])('refuses --expires-after at the classic API, $flags', async ({ flags, exitCode }) => {
  const box = await sandbox();
  await randomFile(box.path('f'), 10);
  const env = {
    AZURE_OPENAI_ENDPOINT: 'https://me.openai.azure.com',
    AZURE_OPENAI_API_KEY: KEY,
    OPENAI_API_VERSION: '1',
  };
  expect(await box.run([...PUSH, '--expires-after', '1d', ...flags], { env })).toMatchObject({ exitCode });
});
