import { expect, it } from 'vitest';
import { sandbox } from '../../support/cli.ts';
import { eventually } from '../../support/eventually.ts';
import { KiB, MiB, md5OfFile, randomFile } from '../../support/files.ts';
import { testProxy } from '../../support/proxy.ts';
import { KEY, testServer } from '../../support/server.ts';
import { tlsFront, tlsPath } from '../../support/tls.ts';

const PUSH = ['push', 'f', '--purpose', 'user_data'];
const TRUST = ['--ca-file', tlsPath('ca.crt')];
const SECRET = 'p@ss word%';
const CREDENTIALS = 'me:p%40ss%20word%25';

/** The embedded server behind TLS, under a name that only the proxy knows. */
async function behindTls() {
  const server = await testServer();
  const front = await tlsFront(server.port);
  return { server, front, env: { OPENAI_BASE_URL: `https://api.test:${front.port}/v1`, OPENAI_API_KEY: KEY } };
}

it('pushes through tunnels of an authenticated proxy, and keeps them', async () => {
  const box = await sandbox();
  const { server, front, env } = await behindTls();
  const proxy = await testProxy({ credentials: `me:${SECRET}` });
  const path = await randomFile(box.path('f'), 2 * MiB);
  const flags = ['--part-size', '64KiB', '--concurrency', '3', '-vv', '--log-file', 'log', ...TRUST];
  const { exitCode, stdout, stderr } = await box.run([...PUSH, ...flags], {
    env: { ...env, HTTPS_PROXY: proxy.urlFor(CREDENTIALS) },
  });
  expect(exitCode, stderr).toBe(0);
  // 34 requests, 3 at once: the tunnels are kept alive, and TLS in them.
  expect(server.logs).toHaveLength(34);
  expect(proxy.tunnels.length).toBeLessThanOrEqual(4);
  expect(front.accepted).toBe(proxy.tunnels.length);
  expect(new Set(proxy.tunnels)).toEqual(new Set([`api.test:${front.port}`]));
  expect(await server.md5(stdout.trim())).toBe(await md5OfFile(path));
  expect(stderr.split('\n')[0]).toBe(`uploading to api.test:${front.port} through the proxy ${proxy.name}`);
  for (const secret of [SECRET, CREDENTIALS, btoa(`me:${SECRET}`), KEY]) expect(stderr).not.toContain(secret);
});

it.each([
  'HTTP_PROXY',
  'http_proxy',
  'OAI_UPLOAD_PROXY',
])('sends http requests to the proxy of %s as they are', async name => {
  const box = await sandbox();
  const server = await testServer();
  const proxy = await testProxy({ credentials: 'me:pw' });
  await randomFile(box.path('f'), 200 * KiB);
  const env = { ...server.env, OPENAI_BASE_URL: `http://api.test:${server.port}/v1`, [name]: proxy.urlFor('me:pw') };
  const { exitCode, stderr } = await box.run(PUSH, { env });
  expect(exitCode, stderr).toBe(0);
  expect(proxy.requests[0]).toBe(`POST http://api.test:${server.port}/v1/uploads`);
  expect(proxy.requests).toHaveLength(3);
  expect(proxy.tunnels).toEqual([]);
});

it('speaks TLS to an https proxy', async () => {
  const box = await sandbox();
  const { env, server } = await behindTls();
  const proxy = await testProxy({ secure: true });
  await randomFile(box.path('f'), 300 * KiB);
  const flags = ['--part-size', '100KiB', '--proxy', proxy.url];
  const { exitCode, stderr } = await box.run([...PUSH, ...flags, ...TRUST], { env });
  expect(exitCode, stderr).toBe(0);
  expect(server.acceptedParts()).toHaveLength(3);

  const distrustful = await box.run([...PUSH, ...flags], { env });
  expect(distrustful.exitCode).toBe(5);
  expect(distrustful.stderr).toContain(
    `the certificate of the proxy ${proxy.name} is from an authority that is not known`,
  );
});

it.each([
  { given: 'no credentials', url: undefined, sentence: 'asks for a user name and a password (407 No way)' },
  { given: 'wrong ones', url: 'me:wrong-one', sentence: 'does not accept the user name and password (407 No way)' },
])('exits 4 where the proxy wants credentials and gets $given', async ({ url, sentence }) => {
  const box = await sandbox();
  const { env, server } = await behindTls();
  const proxy = await testProxy({ credentials: 'me:pw' });
  await randomFile(box.path('f'), 10);
  const flags = ['--json', '--proxy', url ? proxy.urlFor(url) : proxy.url];
  const { exitCode, stderr, results } = await box.run([...PUSH, ...flags, ...TRUST], { env });
  expect(exitCode).toBe(4);
  expect(stderr).toContain(`creating the upload: the proxy ${proxy.name} ${sentence}`);
  expect(stderr).not.toContain('wrong-one');
  expect(results()).toMatchObject([{ error: { code: 'AUTH', reason: 'proxy-auth', http_status: 407 } }]);
  expect(proxy.tunnels).toHaveLength(1);
  expect(server.logs).toEqual([]);
});

it('exits 4 where the proxy of an http API wants credentials', async () => {
  const box = await sandbox();
  const proxy = await testProxy({ credentials: 'me:pw' });
  await randomFile(box.path('f'), 10);
  const env = { OPENAI_BASE_URL: 'http://api.test/v1', OPENAI_API_KEY: KEY, HTTP_PROXY: proxy.name };
  const { exitCode, stderr } = await box.run(PUSH, { env });
  expect(exitCode).toBe(4);
  expect(stderr).toMatch(/the proxy answered 407: no\n.*hint: give the proxy a user name/);
});

it.each([
  { status: 403, tunnels: 1, reason: 'proxy-refused', sentence: 'refuses to connect to api.test' },
  { status: 502, tunnels: 2, reason: 'proxy-failed', sentence: 'cannot connect to api.test' },
])('says so when the proxy answers $status', async ({ status, tunnels, reason, sentence }) => {
  const box = await sandbox();
  const { env } = await behindTls();
  const proxy = await testProxy({ refuseWith: status });
  await randomFile(box.path('f'), 10);
  const flags = ['--json', '--retries', '1', '--proxy', proxy.url];
  const { exitCode, stderr, results } = await box.run([...PUSH, ...flags], { env });
  expect(exitCode).toBe(5);
  expect(stderr).toContain(`the proxy ${proxy.name} ${sentence}`);
  expect(stderr).toContain(`(${status} No way)`);
  expect(results()).toMatchObject([{ error: { code: 'UNAVAILABLE', reason } }]);
  expect(proxy.tunnels).toHaveLength(tunnels);
});

it.each(['https', 'http'])('names the proxy that cannot be reached for %s', async scheme => {
  const box = await sandbox();
  await randomFile(box.path('f'), 10);
  const env = { OPENAI_BASE_URL: `${scheme}://api.test/v1`, OPENAI_API_KEY: KEY };
  const { exitCode, stderr } = await box.run([...PUSH, '--retries', '0', '--proxy', '127.0.0.1:1'], { env });
  expect(exitCode).toBe(5);
  expect(stderr).toContain(
    'the proxy 127.0.0.1:1 cannot be reached: the connection was refused (ECONNREFUSED 127.0.0.1:1)',
  );
});

it('gives a mute proxy the time to connect, and no more', async () => {
  const box = await sandbox();
  const proxy = await testProxy({ mute: true });
  await randomFile(box.path('f'), 10);
  const env = { OPENAI_BASE_URL: 'https://api.test/v1', OPENAI_API_KEY: KEY, HTTPS_PROXY: proxy.url };
  const { exitCode, stderr } = await box.run([...PUSH, '--retries', '0', '--connect-timeout', '300ms'], { env });
  expect(exitCode).toBe(5);
  expect(stderr).toContain(`the proxy ${proxy.name} cannot be reached: the connection timed out (ETIMEDOUT)`);
});

it('stops at once while a mute proxy is waited for', async () => {
  const box = await sandbox();
  const proxy = await testProxy({ mute: true });
  await randomFile(box.path('f'), 10);
  const env = { OPENAI_BASE_URL: 'https://api.test/v1', OPENAI_API_KEY: KEY, HTTPS_PROXY: proxy.url };
  const run = box.start([...PUSH, '--progress', 'json'], { env });
  await run.event('upload.creating');
  await eventually('the proxy was asked', () => proxy.tunnels.length > 0);
  const startedAt = Date.now();
  run.kill('SIGINT');
  expect((await run.ended).exitCode).toBe(130);
  expect(Date.now() - startedAt).toBeLessThan(2000);
});

it('goes past the proxy where NO_PROXY says so, and on this machine unless told', async () => {
  const box = await sandbox();
  const server = await testServer();
  const proxy = await testProxy();
  await randomFile(box.path('f'), 10);
  const run = (env: Record<string, string>, ...flags: string[]) =>
    box.run([...PUSH, ...flags], { env: { ...server.env, ...env } });
  expect(await run({ HTTP_PROXY: proxy.url })).toMatchObject({ exitCode: 0 });
  expect(await run({ NO_PROXY: '127.0.0.1' }, '--proxy', proxy.url)).toMatchObject({ exitCode: 0 });
  expect(proxy.requests).toEqual([]);
  expect(await run({}, '--proxy', proxy.url)).toMatchObject({ exitCode: 0 });
  expect(proxy.requests).toHaveLength(3);
});

it.each([
  'socks5://proxy:1080',
  'ftp://me:pw@proxy',
  'http://me:%zz@proxy',
])('refuses %s as a proxy without repeating it', async url => {
  const box = await sandbox();
  await randomFile(box.path('f'), 10);
  const { exitCode, stderr } = await box.run([...PUSH, '--proxy', url], { env: { OPENAI_API_KEY: KEY } });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--proxy');
  expect(stderr).not.toContain(url);
});

it('is looked through by doctor: the tunnel, the TLS in it, and the API behind', async () => {
  const box = await sandbox();
  const { server, front, env } = await behindTls();
  const proxy = await testProxy({ credentials: 'me:pw' });
  const run = (...flags: readonly string[]) => box.run(['doctor', '--json', ...TRUST, ...flags], { env });
  const { exitCode, stdout, results } = await run('--proxy', proxy.urlFor('me:pw'));
  expect(exitCode, stdout).toBe(0);
  const found = Object.fromEntries(results().map(result => [result['check'], result]));
  expect(found).toMatchObject({
    proxy: { verdict: 'ok', proxy: proxy.name },
    connect: { verdict: 'ok', port: proxy.port },
    tls: { verdict: 'ok', message: expect.stringContaining('certificate for api.test') },
    models: { verdict: 'ok' },
    upload: { verdict: 'ok' },
  });
  expect(new Set(proxy.tunnels)).toEqual(new Set([`api.test:${front.port}`]));
  expect(server.requests('create')).toHaveLength(1);
  expect(stdout).not.toContain('pw');

  const refused = await run('--no-upload', '--proxy', proxy.url);
  expect(refused.exitCode).toBe(4);
  expect(refused.results().find(({ check }) => check === 'tls')).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining(`the proxy ${proxy.name} asks for a user name and a password (407 No way)`),
  });
});
