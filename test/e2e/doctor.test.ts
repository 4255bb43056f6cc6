import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type CliResult, type Json, linesOf, sandbox } from '../support/cli.ts';
import { KiB } from '../support/files.ts';
import { KEY, testServer } from '../support/server.ts';

const CHECKS = ['key', 'base-url', 'proxy', 'dns', 'connect', 'tls', 'models', 'clock', 'state', 'upload'];
const tlsFile = (name: string): string => fileURLToPath(new URL(`../support/tls/${name}`, import.meta.url));

const verdictsOf = (checks: readonly Json[]): Json =>
  Object.fromEntries(checks.map(({ check, verdict }) => [check, verdict]));
const found = (result: CliResult, name: string): Json | undefined =>
  result.results().find(({ check }) => check === name);

async function listening(server: Server): Promise<number> {
  onTestFinished(() => void server.close());
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const models: RequestListener = (_, response) => response.end('{"object":"list","data":[{},{}]}');

/** A base URL whose server answers like that. */
const answering = async (listener: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listening(createHttpServer(listener))}/v1`;

const doctor = async (baseUrl: string, ...args: readonly string[]): Promise<CliResult> =>
  (await sandbox()).run(['doctor', '--json', '--base-url', baseUrl, ...args], { env: { OPENAI_API_KEY: KEY } });

it('finds nothing wrong, measures the rate, and leaves nothing behind', async () => {
  const [box, server] = [await sandbox(), await testServer()];
  const { exitCode, stdout, stderr } = await box.run(['doctor'], { env: server.env });
  expect(exitCode, stdout).toBe(0);
  expect(stderr).toBe('Ready to upload\n');
  const rows = linesOf(stdout);
  expect(rows.map(row => row.split(/ +/).slice(0, 2))).toEqual(
    CHECKS.map(check => [check, check === 'tls' ? 'skipped' : 'ok']),
  );
  expect(rows.at(-1)).toMatch(/iB\/s on one connection \(6 MiB in /);
  expect(stdout).not.toContain(KEY);
  expect(server.requests('create').length).toBe(1);
  expect(server.requests('cancel').map(({ status }) => status)).toEqual([200]);
  expect(await server.files()).toEqual([]);
  expect(await box.stateFiles()).toEqual([]);
});

it('prints one object a check with --json', async () => {
  const server = await testServer();
  const result = await doctor(server.url);
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(result.results().map(({ check }) => check)).toEqual(CHECKS);
  expect(found(result, 'upload')).toMatchObject({ verdict: 'ok', hint: null, bytes_sent: 7488 * KiB, cancelled: true });
  expect(found(result, 'models')).toMatchObject({ verdict: 'ok', models: expect.any(Number) });
  expect(found(result, 'clock')?.['skew_ms']).toBeTypeOf('number');
});

it('sends little on a slow line', async () => {
  const server = await testServer({ bytesPerSecond: 100 * KiB });
  const upload = found(await doctor(server.url), 'upload');
  expect(upload).toMatchObject({ verdict: 'warning', bytes_sent: 64 * KiB, hint: expect.any(String) });
  expect(upload?.['bytes_per_second']).toBeLessThan(200 * KiB);
});

it('uploads nothing with --no-upload', async () => {
  const server = await testServer();
  const result = await doctor(server.url, '--no-upload');
  expect(result.exitCode).toBe(0);
  expect(found(result, 'upload')).toMatchObject({ verdict: 'skipped' });
  expect(server.logs.map(({ endpoint }) => endpoint)).toEqual(['models']);
});

describe('a failed check has its exit code, and those that need it are skipped', () => {
  it('no key: 2', async () => {
    const server = await testServer();
    const result = await (await sandbox()).run(['doctor', '--json', '--base-url', server.url]);
    expect(result.exitCode).toBe(2);
    expect(found(result, 'key')).toMatchObject({ verdict: 'failed', error: { code: 'USAGE', reason: 'no-key' } });
    expect(verdictsOf(result.results())).toMatchObject({ connect: 'ok', models: 'skipped', upload: 'skipped' });
  });

  it('no base URL: 2', async () => {
    const result = await doctor('api.test/v1');
    expect(result.exitCode).toBe(2);
    expect(verdictsOf(result.results())).toMatchObject({
      key: 'ok',
      'base-url': 'failed',
      dns: 'skipped',
      state: 'ok',
    });
  });

  it('a refused key: 4, and the clock is known all the same', async () => {
    const server = await testServer({ key: 'another' });
    const result = await doctor(server.url);
    expect(result.exitCode).toBe(4);
    expect(found(result, 'models')).toMatchObject({
      verdict: 'failed',
      error: { http_status: 401 },
      hint: expect.stringContaining('key'),
    });
    expect(verdictsOf(result.results())).toMatchObject({ clock: 'ok', upload: 'skipped' });
    expect(result.stdout).not.toContain(KEY);
  });

  it('a host that is not known: 5', async () => {
    const result = await doctor('https://nowhere.invalid/v1', '--connect-timeout', '5s');
    expect(result.exitCode).toBe(5);
    expect(found(result, 'dns')).toMatchObject({ verdict: 'failed', error: { code: 'UNAVAILABLE' } });
    expect(found(result, 'dns')?.['message']).toMatch(/^nowhere\.invalid: /);
    expect(verdictsOf(result.results())).toMatchObject({ connect: 'skipped', tls: 'skipped', models: 'skipped' });
  });

  it('a port that nobody listens on: 5', async () => {
    const result = await doctor('http://127.0.0.1:1/v1');
    expect(result.exitCode).toBe(5);
    expect(found(result, 'connect')).toMatchObject({ verdict: 'failed', error: { reason: 'connection-refused' } });
  });

  it('a server that is down: 5', async () => {
    const server = await testServer({ faults: [{ endpoint: 'models', do: 'status', status: 503 }] });
    expect((await doctor(server.url)).exitCode).toBe(5);
  });

  it('a web page in place of an API: 6', async () => {
    const url = await answering((_, response) => response.end('<h1>Welcome</h1>'));
    const result = await doctor(url);
    expect(result.exitCode).toBe(6);
    expect(found(result, 'models')).toMatchObject({ verdict: 'failed', error: { reason: 'malformed-reply' } });
  });
});

it('takes a server without models for one that may do', async () => {
  const url = await answering((_, response) => response.writeHead(404).end('{}'));
  const result = await doctor(url, '--no-upload');
  expect(result.exitCode).toBe(0);
  expect(found(result, 'models')).toMatchObject({ verdict: 'warning', hint: expect.any(String) });
});

it('warns of a clock that is wrong', async () => {
  const url = await answering((request, response) => {
    response.setHeader('date', new Date(Date.now() + 7_200_000).toUTCString());
    models(request, response);
  });
  const result = await doctor(url, '--no-upload');
  expect(result.exitCode).toBe(0);
  expect(found(result, 'clock')).toMatchObject({ verdict: 'warning', message: expect.stringContaining('2 h behind') });
});

it('warns of a state folder that cannot be written', async () => {
  const [box, server] = [await sandbox(), await testServer()];
  await box.write('file', '');
  const args = ['doctor', '--no-upload', '--state-dir', 'file/state'];
  const { exitCode, stdout, stderr } = await box.run(args, { env: server.env });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^state +warning +.*could not be resumed\n +hint: .*--state-dir$/m);
  expect(stderr).toBe('Ready to upload, 1 warning\n');
});

describe('TLS', () => {
  const secure = async (certificate: string): Promise<string> => {
    const [cert, key] = await Promise.all([readFile(tlsFile(certificate)), readFile(tlsFile('server.key'))]);
    return `https://localhost:${await listening(createHttpsServer({ cert, key }, models))}/v1`;
  };
  const looked = async (url: string, trusted = true): Promise<CliResult> =>
    (await sandbox()).run(['doctor', '--json', '--no-upload', '--base-url', url], {
      env: { OPENAI_API_KEY: KEY, ...(trusted && { NODE_EXTRA_CA_CERTS: tlsFile('ca.crt') }) },
    });

  it('names issuer and days of a good certificate', async () => {
    const result = await looked(await secure('server.crt'));
    expect(result.exitCode, result.stdout).toBe(0);
    expect(found(result, 'tls')).toMatchObject({
      verdict: 'ok',
      message: expect.stringContaining('oai-upload test authority'),
      protocol: 'TLSv1.3',
      days_left: expect.any(Number),
      chain: [{ subject: expect.stringContaining('api.test') }, { subject: expect.stringContaining('authority') }],
    });
  });

  it.each([
    ['expired.crt', true, /expired/i],
    ['future.crt', true, /not.*valid/i],
    ['other-host.crt', true, /ALTNAME|other/],
    ['self-signed.crt', true, /self.signed/i],
    ['server.crt', false, /UNABLE|authority/],
  ])('says what is wrong with %s (authority known: %s)', async (certificate, trusted, says) => {
    const result = await looked(await secure(certificate), trusted);
    expect(result.exitCode).toBe(5);
    const tls = found(result, 'tls');
    expect(tls).toMatchObject({ verdict: 'failed', error: { reason: 'tls' }, chain: expect.any(Array) });
    expect(tls?.['message']).toMatch(says);
    expect(verdictsOf(result.results())).toMatchObject({ connect: 'ok', models: 'skipped', upload: 'skipped' });
  });

  it('says that a port speaks no TLS', async () => {
    const url = (await answering(models)).replace('http:', 'https:');
    expect(found(await doctor(url), 'tls')).toMatchObject({ verdict: 'failed' });
  });
});

it.each([
  ['models', 0],
  ['part', 1],
] as const)('stops at Ctrl-C while it waits for %s, and cancels its upload', async (endpoint, cancelled) => {
  const [box, server] = [await sandbox(), await testServer({ faults: [{ endpoint, do: 'stall' }] })];
  const live = box.start(['doctor'], { env: server.env });
  await live.line(endpoint === 'models' ? 6 : 9);
  await vi.waitUntil(() => server.requests('create').length === cancelled, { timeout: 60_000 });
  live.kill('SIGINT');
  const { exitCode } = await live.ended;
  expect(exitCode).toBe(130);
  expect(server.requests('cancel').length).toBe(cancelled);
});
