import { chmod, readFile, stat } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type Json, linesOf, sandbox } from '../../support/cli.ts';
import { KiB, randomFile } from '../../support/files.ts';
import { KEY, testServer } from '../../support/server.ts';

const PUSH = ['push', 'f', '--purpose', 'user_data', '--part-size', '64KiB', '--concurrency', '1'];
const SECRET = 'a-gateway-secret';

/** The embedded server that fails the second part once, and a file of three parts. */
async function scene() {
  const box = await sandbox();
  const server = await testServer({
    faults: [{ endpoint: 'part', part: 2, attempt: 1, do: 'status', status: 503, headers: { 'retry-after-ms': '10' } }],
  });
  await randomFile(box.path('f'), 150 * KiB);
  const log = async (): Promise<readonly Json[]> =>
    linesOf(await readFile(box.path('log'), 'utf8')).map(line => JSON.parse(line) as Json);
  return { box, server, log };
}

it('tells of every request with -v, in a line each', async () => {
  const { box, server } = await scene();
  const { exitCode, stdout, stderr } = await box.run([...PUSH, '-v'], { env: server.env });
  expect(exitCode, stderr).toBe(0);
  expect(linesOf(stdout)).toHaveLength(1);
  const lines = linesOf(stderr).filter(line => /^(POST|GET) /.test(line));
  const part =
    /^POST \/v1\/uploads\/upload_\w+\/parts: (\d+), (\d+) bytes sent, \d+ received, \d+ ms, attempt (\d), req_/;
  expect(lines[0]).toMatch(/^POST \/v1\/uploads: 200, \d+ bytes sent, \d+ received, \d+ ms, attempt 1, req_/);
  expect(lines.slice(1, -1).map(line => part.exec(line)?.slice(1))).toMatchObject(
    [
      ['200', /6\d{4}/, '1'],
      ['503', /\d+/, '1'],
      ['200', /6\d{4}/, '2'],
      ['200', /2\d{4}/, '1'],
    ].map(([status, bytes, attempt]) => [status, expect.stringMatching(bytes as RegExp), attempt]),
  );
  expect(lines.at(-1)).toContain('/complete: 200');
  expect(stderr).not.toContain('  > ');
});

it('adds headers and connections with -vv, and never a secret', async () => {
  const { box, server } = await scene();
  const flags = ['-vv', '--header', `X-Gateway: ${SECRET}`, '--header', 'x-team: one', '--header', 'X-Team: two'];
  const { exitCode, stdout, stderr } = await box.run([...PUSH, ...flags, '--log-file', 'log'], { env: server.env });
  expect(exitCode).toBe(0);
  expect(stderr).toContain('  > authorization: [redacted]\n');
  expect(stderr).toContain('  > x-gateway: [redacted]\n');
  expect(stderr).toContain('  > content-type: multipart/form-data; boundary=');
  expect(stderr).toMatch(/ {2}< x-request-id: req_/);
  expect(stderr).toMatch(/ {2}\* new connection from 127\.0\.0\.1:\d+ to 127\.0\.0\.1:\d+: .*firstByte \d+ ms/);
  expect(stderr).toMatch(/ {2}\* kept connection from/);
  const texts = [stdout, stderr, await readFile(box.path('log'), 'utf8')];
  for (const name of await box.stateFiles())
    texts.push(await readFile(`${box.stateDir}/${name}`, 'latin1').catch(() => ''));
  for (const secret of [KEY, SECRET]) expect(texts.join('\n')).not.toContain(secret);
});

it('writes events of their own with --progress=json', async () => {
  const { box, server } = await scene();
  const { events } = await box.run([...PUSH, '--progress', 'json', '-v'], { env: server.env });
  const requests = events().filter(({ type }) => type === 'request');
  expect(requests.map(({ endpoint, status, attempt }) => [endpoint, status, attempt])).toEqual([
    ['create', 200, 1],
    ['part', 200, 1],
    ['part', 503, 1],
    ['part', 200, 2],
    ['part', 200, 1],
    ['complete', 200, 1],
  ]);
  expect(requests[0]).toMatchObject({ path: null, method: 'POST', url: `${server.url}/uploads`, failure: null });
  expect(requests[0]).not.toHaveProperty('request_headers');
});

it('appends JSON lines to a log file of its owner, quiet or not', async () => {
  const { box, server, log } = await scene();
  const flags = ['--quiet', '--log-file', 'log'];
  const { exitCode, stderr } = await box.run([...PUSH, ...flags], { env: server.env });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect((await stat(box.path('log'))).mode & 0o777).toBe(0o600);
  expect(await log()).toHaveLength(6);
  await box.run(PUSH, { env: { ...server.env, OAI_UPLOAD_LOG_FILE: 'log', OAI_UPLOAD_VERBOSE: '2' } });
  const lines = await log();
  expect(lines).toHaveLength(12);
  expect(lines[0]).toMatchObject({ type: 'request', endpoint: 'create', status: 200, attempt: 1 });
  expect(lines[0]).not.toHaveProperty('request_headers');
  expect(lines[11]).toMatchObject({ endpoint: 'complete', request_headers: { authorization: '[redacted]' } });
  expect(lines[11]?.['timings_ms']).toHaveProperty('firstByte');
});

it('records requests that got no answer', async () => {
  const { box, log } = await scene();
  const env = { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', OPENAI_API_KEY: KEY };
  const { exitCode } = await box.run([...PUSH, '--retries', '1', '--log-file', 'log'], { env });
  expect(exitCode).toBe(5);
  expect(await log()).toMatchObject([
    { endpoint: 'create', attempt: 1, status: null, failure: 'connection-refused', bytes_sent: 0 },
    { endpoint: 'create', attempt: 2, status: null, failure: 'connection-refused', bytes_sent: 0 },
  ]);
});

it.each(['nowhere/log', '.', '/dev/full'])('uploads without its log where that cannot be written: %s', async path => {
  const { box, server } = await scene();
  const { exitCode, stderr } = await box.run([...PUSH, '--log-file', path], { env: server.env });
  expect(exitCode).toBe(0);
  expect(stderr.match(/warning: --log-file/g)).toHaveLength(1);
});

it('keeps the mode of a log file that is there', async () => {
  const { box, server } = await scene();
  await box.write('log', '');
  await chmod(box.path('log'), 0o640);
  await box.run([...PUSH, '--log-file', 'log'], { env: server.env });
  expect((await stat(box.path('log'))).mode & 0o777).toBe(0o640);
});

it.each([
  { flags: ['--header', 'Authorization: Bearer x'], said: '--header may not set authorization' },
  { flags: ['--header', 'nonsense'], said: '--header takes a header like' },
])('refuses $flags', async ({ flags, said }) => {
  const { box, server } = await scene();
  const { exitCode, stderr } = await box.run([...PUSH, ...flags], { env: server.env });
  expect(exitCode).toBe(2);
  expect(stderr).toContain(said);
  expect(server.logs).toEqual([]);
});

it.each([{ OAI_UPLOAD_VERBOSE: 'loud' }, { OAI_UPLOAD_HEADER: 'x-a: 1\nhost: x' }])('refuses %j', async more => {
  const { box, server } = await scene();
  expect(await box.run(PUSH, { env: { ...server.env, ...more } })).toMatchObject({ exitCode: 2 });
});
