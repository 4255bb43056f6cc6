import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { getEventListeners } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { expect, it, onTestFinished, vi } from 'vitest';
import { type Json, sandbox } from '../support/cli.ts';
import { MiB, md5OfFile, randomFile, sameBytes } from '../support/files.ts';
import { type PushOptions, push, UploadError, type UploadEvent } from '../support/library.ts';
import { listening } from '../support/listening.ts';
import { testProxy } from '../support/proxy.ts';
import { strayLines } from '../support/schema.ts';
import { KEY, testServer } from '../support/server.ts';
import { tlsFront, tlsPath } from '../support/tls.ts';
import { atTheMiddle, FINISHED, flagsFor, moment, optionsFor, PART, PARTS, SLOW_MIDDLE, scene } from './scene.ts';

it('resolves with the result of --json, and the server holds the bytes of the file', async () => {
  const { box, server, path, options } = await scene();
  const result = await push(path, { ...options, filename: 'other.bin', mimeType: 'x/y', expiresAfterSeconds: 7200 });
  expect(strayLines('result', [JSON.stringify(result)])).toEqual([]);
  expect(result).toMatchObject({
    status: 'completed',
    path,
    filename: 'other.bin',
    purpose: 'assistants',
    bytes: PARTS * PART,
    md5: await md5OfFile(path),
    parts: { total: PARTS, sent: PARTS, resumed: 0, changed: 0 },
    file: { id: result.file_id, bytes: PARTS * PART, filename: 'other.bin' },
  });
  expect((result.file.expires_at ?? 0) - (result.file.created_at ?? 0)).toBe(7200);
  expect(await sameBytes(await server.contentPath(result.file_id), path)).toBe(true);
  expect(await box.leftovers()).toEqual([]);
});

it('sends a file that is large enough for threads', async () => {
  const [box, server] = [await sandbox(), await testServer()];
  const path = await randomFile(box.path('large.bin'), 20 * MiB);
  const { file_id, md5 } = await push(path, { ...optionsFor(box, server), partSize: undefined, concurrency: 'auto' });
  expect(md5).toBe(await md5OfFile(path));
  expect(await sameBytes(await server.contentPath(file_id), path)).toBe(true);
});

it('takes a file called - for what it is', async () => {
  const [box, server] = [await sandbox(), await testServer()];
  await randomFile(box.path('-'), 10);
  const { file } = await push(box.path('-'), optionsFor(box, server));
  expect(file.filename).toBe('-');
});

it('sends no md5 where none is wished for', async () => {
  const { path, options } = await scene();
  expect(await push(path, { ...options, md5: false })).toMatchObject({ status: 'completed', md5: null });
});

it('does not send again what is at the server', async () => {
  const { server, path, options } = await scene();
  const first = await push(path, options);
  const again = await push(path, { ...options, skipUploaded: true });
  expect(again).toMatchObject({ status: 'skipped', file_id: first.file_id, upload_id: null, bytes_sent: 0 });
  expect(server.requests('create')).toHaveLength(1);
});

it('tells the events of --progress=json, in their order', async () => {
  const retried = { endpoint: 'part', part: 2, attempt: 1, do: 'status', status: 503 } as const;
  const told: UploadEvent[] = [];
  const ofLibrary = await scene(retried);
  const onEvent = (event: UploadEvent): void => void told.push(event);
  await push(ofLibrary.path, { ...ofLibrary.options, concurrency: 1, onEvent });
  expect(
    strayLines(
      'event',
      told.map(event => JSON.stringify(event)),
    ),
  ).toEqual([]);

  const ofCommand = await scene(retried);
  const { events } = await ofCommand.box.run([...flagsFor('f.bin'), '--concurrency', '1'], ofCommand.server);
  // What belongs to no file is for people.
  const printed = lasting(events().filter(({ path }) => path !== null));
  expect(printed.length).toBeGreaterThan(PARTS * 3);
  expect(lasting(asWritten(told))).toEqual(printed);
  expect(new Set(told.map(({ path }) => path))).toEqual(new Set([ofLibrary.path]));
});

it('tells a failure last, and rejects with it', async () => {
  const { path, options } = await scene({ endpoint: 'create', do: 'status', status: 401 });
  const told: UploadEvent[] = [];
  const error = await failureOf(push(path, { ...options, onEvent: event => told.push(event) }));
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: 'UploadError',
    code: 'AUTH',
    reason: 'http-401',
    hint: expect.stringContaining('OPENAI_API_KEY'),
    httpStatus: 401,
    requestId: expect.any(String),
    exitCode: 4,
    resumable: false,
    result: { status: 'failed', path, file_id: null, error: { code: 'AUTH', http_status: 401, exit_code: 4 } },
  });
  expect(strayLines('result', [JSON.stringify(error.result)])).toEqual([]);
  expect(told.at(-1)).toMatchObject({ type: 'error', path, ...error.result?.error });
});

it('rejects at once when it is aborted, keeps everything, and goes on from there', async () => {
  const { server, path, options } = await scene(...SLOW_MIDDLE);
  const controller = new AbortController();
  const reason = new Error('the user left');
  let abortedAtMs = Number.NaN;
  const onEvent = atTheMiddle(() => {
    abortedAtMs = performance.now();
    controller.abort(reason);
  });
  const error = await failureOf(push(path, { ...options, onEvent, signal: controller.signal }));
  expect(performance.now() - abortedAtMs).toBeLessThan(2000);
  expect(error).toMatchObject({ code: 'INTERRUPTED', reason: 'aborted', cause: reason, resumable: true });
  expect(error.result).toMatchObject({ status: 'interrupted', parts: { total: PARTS, sent: FINISHED } });
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);

  await server.restart();
  const again = await push(path, options);
  expect(again).toMatchObject({
    upload_id: error.result?.upload_id,
    md5: await md5OfFile(path),
    parts: { sent: PARTS - FINISHED, resumed: FINISHED },
    bytes_skipped: FINISHED * PART,
  });
  expect(server.acceptedParts().toSorted((a, b) => a - b)).toEqual(Array.from({ length: PARTS }, (_, at) => at + 1));
  expect(await server.md5(again.file_id)).toBe(again.md5);
});

it('sends nothing where it is aborted before it begins', async () => {
  const { server, path, options } = await scene();
  const error = await failureOf(push(path, { ...options, signal: AbortSignal.abort() }));
  expect(error).toMatchObject({ code: 'INTERRUPTED', reason: 'aborted', resumable: false });
  expect(server.logs).toEqual([]);
});

it('goes on with what the command began', async () => {
  const { box, server, path, options } = await scene(...SLOW_MIDDLE);
  const command = box.start(flagsFor('f.bin'), server);
  await command.event('part.finished', FINISHED);
  await command.event('part.started', FINISHED + 2);
  command.kill('SIGKILL');
  await command.ended;
  await server.restart();
  const { parts } = await push(path, options);
  expect(parts).toMatchObject({ sent: PARTS - FINISHED, resumed: FINISHED });
});

it('leaves what the command goes on with', async () => {
  const { box, server, path, options } = await scene(...SLOW_MIDDLE);
  const controller = new AbortController();
  const onEvent = atTheMiddle(() => controller.abort());
  await failureOf(push(path, { ...options, onEvent, signal: controller.signal }));
  await server.restart();
  const { exitCode, results, stderr } = await box.run(flagsFor('f.bin'), server);
  expect(exitCode, stderr).toBe(0);
  expect(results()[0]?.['parts']).toMatchObject({ sent: PARTS - FINISHED, resumed: FINISHED });
  expect(server.requests('create')).toHaveLength(1);
});

it('pushes different files at the same time', async () => {
  const [box, server] = [await sandbox(), await testServer()];
  const paths = await Promise.all(['a', 'b'].map(name => randomFile(box.path(name), 3 * PART, name)));
  const results = await Promise.all(paths.map(path => push(path, optionsFor(box, server))));
  for (const [index, { file_id }] of results.entries())
    expect(await server.md5(file_id)).toBe(await md5OfFile(paths[index] as string));
});

it('refuses a second push of the same file, or lets it wait', async () => {
  const { server, path, options } = await scene(...SLOW_MIDDLE);
  const controller = new AbortController();
  const middle = moment();
  const onEvent = atTheMiddle(middle.now);
  const first = failureOf(push(path, { ...options, onEvent, signal: controller.signal }));
  await middle.come;
  expect(await failureOf(push(path, options))).toMatchObject({ code: 'LOCKED', reason: 'locked', exitCode: 11 });
  const waits = moment();
  const second = push(path, {
    ...options,
    lockWaitMs: 600_000,
    onEvent: event => event.type === 'note' && event.reason === 'lock-wait' && waits.now(),
  });
  await waits.come;
  await server.restart();
  controller.abort();
  expect(await first).toMatchObject({ code: 'INTERRUPTED' });
  expect((await second).parts).toMatchObject({ sent: PARTS - FINISHED, resumed: FINISHED });
});

it('closes its connections, whatever came of it', async () => {
  const { path, options } = await scene();
  const sockets: Socket[] = [];
  const collect = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket);
  subscribe('net.client.socket', collect);
  try {
    await push(path, options);
    await failureOf(push(path, { ...options, apiKey: 'sk-of-somebody-else' }));
  } finally {
    unsubscribe('net.client.socket', collect);
  }
  expect(sockets.length).toBeGreaterThan(1);
  expect(sockets.filter(({ destroyed }) => !destroyed)).toEqual([]);
});

it('goes through a proxy and trusts an authority where the options say so', async () => {
  const [box, server] = [await sandbox(), await testServer()];
  const front = await tlsFront(server.port);
  const proxy = await testProxy({ credentials: 'me:secret' });
  const path = await randomFile(box.path('f'), 10);
  const { file_id } = await push(path, {
    ...optionsFor(box, server),
    baseUrl: `https://api.test:${front.port}/v1`,
    proxy: proxy.urlFor('me:secret'),
    caFile: tlsPath('ca.crt'),
  });
  expect(await server.md5(file_id)).toBe(await md5OfFile(path));
  expect(new Set(proxy.tunnels)).toEqual(new Set([`api.test:${front.port}`]));
});

it('asks with the headers of the options, or of the variables of OpenAI', async () => {
  const asked: IncomingHttpHeaders[] = [];
  const port = await listening(
    createServer(({ headers }, answer) => {
      asked.push(headers);
      answer.writeHead(401).end();
    }),
  );
  const [box, url] = [await sandbox(), `http://127.0.0.1:${port}/v1`];
  const own = { purpose: 'user_data', stateDir: box.stateDir, headers: { 'X-Team': 'ours' } };
  const path = await randomFile(box.path('f'), 10);
  const variables = { API_KEY: 'sk-of-variable', BASE_URL: url, ORG_ID: 'org-v', PROJECT_ID: 'proj-v' };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(`OPENAI_${name}`, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  await failureOf(push(path, own));
  await failureOf(push(path, { ...own, apiKey: 'sk-of-option', organization: 'org-o', project: 'proj-o' }));
  vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:1/v1');
  await failureOf(push(path, { ...own, baseUrl: url }));
  expect(
    asked.map(headers => [
      headers.authorization,
      headers['openai-organization'],
      headers['openai-project'],
      headers['x-team'],
    ]),
  ).toEqual([
    ['Bearer sk-of-variable', 'org-v', 'proj-v', 'ours'],
    ['Bearer sk-of-option', 'org-o', 'proj-o', 'ours'],
    ['Bearer sk-of-variable', 'org-v', 'proj-v', 'ours'],
  ]);
});

it('13.4: pushes to an Azure resource, with its key or with a token, and with no variable of OpenAI', async () => {
  const { box, server, path } = await scene();
  const azureEndpoint = server.url.replace(/\/v1$/, '');
  const options: PushOptions = { purpose: 'assistants', stateDir: box.stateDir, azureEndpoint };
  vi.stubEnv('OPENAI_API_KEY', 'sk-not-for-azure');
  vi.stubEnv('OPENAI_ORG_ID', 'org-not-for-azure');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect((await failureOf(push(path, options))).message).toContain('neither an option apiKey nor azureAdToken');
  expect((await push(path, { ...options, apiKey: KEY })).status).toBe('completed');
  const token = { ...options, azureAdToken: KEY, azureApiVersion: '2024-10-21' };
  expect((await push(path, token)).status).toBe('completed');
  expect(server.requests('create').map(({ path: asked }) => asked)).toEqual(['/openai/v1/uploads', '/openai/uploads']);
});

it.each([
  { of: 'a connection that is refused', baseUrl: 'http://127.0.0.1:1/v1', reason: 'connection-refused' },
  { of: 'a host that does not exist', baseUrl: 'http://nowhere.invalid/v1', reason: 'dns' },
  { of: 'a server without TLS', baseUrl: 'https', reason: 'tls' },
  { of: 'a proxy that is not there', proxy: 'http://me:sk-of-proxy@127.0.0.1:1', reason: 'proxy-unreachable' },
  { of: 'a reset', fault: { do: 'reset-before' }, reason: 'connection-reset' },
  { of: 'a stall', fault: { do: 'stall' }, stallTimeoutMs: 100, reason: 'stalled' },
  { of: 'a refusal', fault: { do: 'status', status: 403, body: `no, ${KEY}` }, reason: 'http-403' },
  { of: 'a reply that is no JSON', fault: { do: 'reply', body: `${KEY}` }, reason: 'malformed-reply' },
] as const)('has no key in the error of $of, however deep one looks', async ({ of: _, reason, ...given }) => {
  const { fault, baseUrl, ...more } = { fault: undefined, baseUrl: undefined, ...given };
  const { server, path, options } = await scene(...(fault ? [{ endpoint: 'create', ...fault } as const] : []));
  const url = baseUrl === 'https' ? server.url.replace('http:', 'https:') : (baseUrl ?? server.url);
  const headers = { 'x-gate': 'sk-of-gate' };
  const error = await failureOf(push(path, { ...options, ...more, baseUrl: url, headers, retries: 0 }));
  expect(error.reason).toBe(reason);
  const all = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true });
  for (const secret of [KEY, 'sk-of-gate', 'sk-of-proxy', btoa('me:sk-of-proxy')]) expect(all).not.toContain(secret);
});

it.each<{ readonly wrong: object; readonly sentence: string }>([
  { wrong: { purpose: undefined }, sentence: 'the option purpose is missing' },
  { wrong: { purpose: '' }, sentence: 'the option purpose takes a text that is not empty' },
  { wrong: { concurency: 4 }, sentence: 'there is no option concurency' },
  { wrong: { toString: 4 }, sentence: 'there is no option toString' },
  { wrong: { concurrency: 65 }, sentence: 'the option concurrency takes auto, or a whole number from 1 to 64' },
  { wrong: { partSize: 64 * MiB + 1 }, sentence: `the option partSize takes a whole number from 1 to ${64 * MiB}` },
  { wrong: { retries: 1.5 }, sentence: 'the option retries takes a whole number from 0 to 1000' },
  { wrong: { expiresAfterSeconds: 60 }, sentence: 'the option expiresAfterSeconds takes a whole number from 3600' },
  { wrong: { md5: 'no' }, sentence: 'the option md5 takes true or false' },
  { wrong: { signal: 1 }, sentence: 'the option signal takes an AbortSignal' },
  { wrong: { onEvent: {} }, sentence: 'the option onEvent takes a function' },
  { wrong: { headers: { authorization: 'secret' } }, sentence: 'the option headers may not set authorization' },
  { wrong: { headers: null }, sentence: 'the option headers takes an object of texts' },
  { wrong: { headers: new Headers({ 'x-a': 'b' }) }, sentence: 'the option headers takes an object of texts' },
  { wrong: { headers: ['secret'] }, sentence: 'the option headers takes an object of texts' },
  { wrong: { proxy: 'socks5://secret@proxy' }, sentence: 'the option proxy takes the URL of an http or https proxy' },
  { wrong: { apiKey: ' secret\n' + 'secret' }, sentence: 'the key holds characters that no key has' },
  { wrong: { baseUrl: 'api.test/v1' }, sentence: 'the base URL needs a scheme' },
  { wrong: { azureEndpoint: 'https://x' }, sentence: 'baseUrl and azureEndpoint both name the API' },
  { wrong: { azureAdToken: 'secret' }, sentence: 'belong to azureEndpoint, which is missing' },
  { wrong: { clientKeyFile: 'secret.key' }, sentence: 'needs --client-cert' },
])('refuses $wrong before anything is sent', async ({ wrong, sentence }) => {
  const { box, server, path, options } = await scene();
  const error = await failureOf(push(path, { ...options, ...wrong } as PushOptions));
  expect(error).toMatchObject({ code: 'USAGE', exitCode: 2, resumable: false, result: undefined });
  expect(error.message).toContain(sentence);
  expect(error.message).not.toContain('secret');
  expect(server.logs).toEqual([]);
  expect(await box.stateFiles()).toEqual([]);
});

it.each([
  [undefined, undefined],
  ['', { purpose: 'user_data' }],
  [1, { purpose: 'user_data' }],
  ['f', undefined],
])('refuses push(%j, %j) by rejecting', async (path, options) => {
  expect(await failureOf(push(path as string, options as PushOptions))).toMatchObject({ code: 'USAGE' });
});

async function failureOf(pushing: Promise<unknown>): Promise<InstanceType<typeof UploadError>> {
  const error = await pushing.then(
    () => undefined,
    thrown => thrown,
  );
  expect(error).toBeInstanceOf(UploadError);
  return error;
}

/** As --progress=json would write it. */
const asWritten = (events: readonly UploadEvent[]): readonly Json[] => JSON.parse(JSON.stringify(events));

/** What is the same in every run of the same push: no times, ids and paths, nothing that is told ten times a second. */
const lasting = (events: readonly Json[]): readonly object[] =>
  events
    .filter(({ type }) => !type.endsWith('.progress'))
    .map(({ at, path, upload_id, part_id, file_id, request_id, expires_at_ms, delay_ms, error, sent, ...rest }) => ({
      ...rest,
      ...(error && { error: error.reason }),
    }));
