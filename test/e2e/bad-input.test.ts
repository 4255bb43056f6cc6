import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { BIN, type CliOptions, type Sandbox, sandbox } from '../support/cli.ts';
import { GiB, randomFile, sparseFile } from '../support/files.ts';
import { type TestServer, testServer } from '../support/server.ts';

type Mistake = {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly exitCode: number;
  readonly says: RegExp;
  /** What the sandbox holds besides the file `good`. */
  prepare?(box: Sandbox): Promise<unknown>;
};

const good = ['push', 'good', '--purpose', 'user_data'];

const MISTAKES: readonly Mistake[] = [
  {
    name: 'a missing file',
    args: ['push', 'absent.jsonl', '--purpose', 'user_data'],
    exitCode: 3,
    says: /absent\.jsonl.*(no such file|does not exist|not found)/i,
  },
  {
    name: 'a directory',
    args: ['push', 'folder', '--purpose', 'user_data'],
    exitCode: 3,
    says: /folder.*is a (directory|folder)/i,
    prepare: box => mkdir(box.path('folder')),
  },
  {
    name: 'an empty file',
    args: ['push', 'empty', '--purpose', 'user_data'],
    exitCode: 3,
    says: /empty.*is empty/i,
    prepare: box => box.write('empty', ''),
  },
  {
    name: 'a file above 8 GiB',
    args: ['push', 'huge', '--purpose', 'user_data'],
    exitCode: 3,
    says: /huge.*8 ?GiB/i,
    prepare: box => sparseFile(box.path('huge'), 8 * GiB + 1),
  },
  {
    name: 'a file that is no file',
    args: ['push', '/dev/null', '--purpose', 'user_data'],
    exitCode: 3,
    says: /\/dev\/null.*(regular|not a) file/i,
  },
  { name: 'no purpose', args: ['push', 'good'], exitCode: 2, says: /--purpose is missing/ },
  { name: 'an empty purpose', args: ['push', 'good', '--purpose', ''], exitCode: 2, says: /--purpose/ },
  { name: 'no file', args: ['push', '--purpose', 'user_data'], exitCode: 2, says: /missing required argument 'file'/ },
  { name: 'a part size of 0', args: [...good, '--part-size', '0'], exitCode: 2, says: /--part-size takes .* not "0"/ },
  {
    name: 'a part size above the limit',
    args: [...good, '--part-size', '67108865'],
    exitCode: 2,
    says: /--part-size takes .*64 ?MiB.* not "67108865"/,
  },
  {
    name: 'a part size that is none',
    args: [...good, '--part-size', '8 bananas'],
    exitCode: 2,
    says: /--part-size takes .* not "8 bananas"/,
  },
  {
    name: 'a part size that makes too many parts',
    args: [...good, '--part-size', '1'],
    exitCode: 2,
    says: /--part-size 1 makes 20000 parts.*10000.*hint: use --part-size 2/s,
  },
  {
    name: 'a concurrency of 0',
    args: [...good, '--concurrency', '0'],
    exitCode: 2,
    says: /--concurrency takes .*1 to 64.* not "0"/,
  },
  {
    name: 'a concurrency above the limit',
    args: [...good, '--concurrency', '65'],
    exitCode: 2,
    says: /--concurrency takes .*1 to 64/,
  },
  {
    name: 'a lifetime out of range',
    args: [...good, '--expires-after', '5m'],
    exitCode: 2,
    says: /--expires-after takes .*1h to 30d.* not "5m"/,
  },
  {
    name: 'one name for two files',
    args: [...good, 'good', '--filename', 'x'],
    exitCode: 2,
    says: /--filename goes with one file only/,
  },
  {
    name: 'an unknown flag',
    args: ['push', 'good', '--purpos', 'user_data'],
    exitCode: 2,
    says: /unknown option '--purpos'.*did you mean --purpose/is,
  },
  {
    name: 'an unknown command',
    args: ['pusj', 'good'],
    exitCode: 2,
    says: /unknown command 'pusj'.*did you mean push/is,
  },
  { name: 'no key', args: good, env: { OPENAI_API_KEY: '' }, exitCode: 2, says: /OPENAI_API_KEY is not set/ },
  {
    name: 'a key file that is not there',
    args: [...good, '--api-key-file', 'absent.key'],
    exitCode: 2,
    says: /--api-key-file absent\.key cannot be read/,
  },
  {
    name: 'a key file without a key',
    args: [...good, '--api-key-file', 'blank.key'],
    exitCode: 2,
    says: /--api-key-file blank\.key is empty/,
    prepare: box => box.write('blank.key', '\n'),
  },
  {
    name: 'a key that is none',
    args: good,
    env: { OPENAI_API_KEY: 'sk-one\nsk-two' },
    exitCode: 2,
    says: /the key holds characters/,
  },
  {
    name: 'a base URL without scheme',
    args: [...good, '--base-url', 'api.example.com/v1'],
    exitCode: 2,
    says: /the base URL needs a scheme.*"api\.example\.com\/v1"/,
  },
  {
    name: 'a base URL of another scheme',
    args: good,
    env: { OPENAI_BASE_URL: 'ftp://example.com/v1' },
    exitCode: 2,
    says: /the base URL needs a scheme.*"ftp:/,
  },
  {
    name: 'nonsense for a switch',
    args: good,
    env: { OAI_UPLOAD_QUIET: 'maybe' },
    exitCode: 2,
    says: /OAI_UPLOAD_QUIET/,
  },
  {
    name: 'nonsense in a variable',
    args: good,
    env: { OAI_UPLOAD_CONCURRENCY: 'lots' },
    exitCode: 2,
    says: /OAI_UPLOAD_CONCURRENCY takes .* not "lots"/,
  },
  { name: 'an unknown progress', args: [...good, '--progress', 'loud'], exitCode: 2, says: /--progress takes one of/ },
  {
    name: 'a mistake in a local push',
    args: [...good, '--local', '--part-size', '0'],
    exitCode: 2,
    says: /--part-size takes/,
  },
  {
    name: 'a missing file in a dry run',
    args: ['push', 'absent', '--purpose', 'user_data', '--dry-run'],
    exitCode: 3,
    says: /absent/,
  },
];

it.each(MISTAKES)('refuses $name with code $exitCode', async ({ args, env = {}, exitCode, says, prepare }) => {
  const box = await sandbox();
  const server = await testServer();
  await randomFile(box.path('good'), 20_000);
  await prepare?.(box);
  const run = await box.run(args, { env: { ...server.env, ...env } });
  expect(run.stderr).toMatch(says);
  expect(run).toMatchObject({ exitCode, stdout: '' });
  expect(run.stderr).not.toMatch(/\n\s+at /);
  await nothingHappened(box, server);
});

it('refuses a file that it may not read', async ({ skip }) => {
  const box = await sandbox();
  const server = await testServer();
  await chmod(await box.write('secret', 'x'), 0o000);
  const user = await unprivileged(box);
  if (user === undefined) return skip('root may read everything, and nobody may not run this copy');
  const run = await box.run(['push', 'secret', '--purpose', 'user_data'], { ...server, ...user });
  expect(run.stderr).toMatch(/secret.*permission denied/i);
  expect(run).toMatchObject({ exitCode: 3, stdout: '' });
  await nothingHappened(box, server);
});

it.each(['0', '1'])('says that a server is not there, after %s retries', async retries => {
  const box = await sandbox();
  await randomFile(box.path('good'), 100);
  const url = `http://127.0.0.1:${await closedPort()}/v1`;
  const run = await box.run([...good, '--retries', retries, '--base-url', url], { env: { OPENAI_API_KEY: 'sk-any' } });
  expect(run.stderr).toMatch(/127\.0\.0\.1:\d+\n.*the connection was refused/s);
  expect(run).toMatchObject({ exitCode: 5, stdout: '' });
  expect(await box.leftovers()).toEqual([]);
});

it('says that a host is not there', async () => {
  const box = await sandbox();
  await randomFile(box.path('good'), 100);
  const flags = ['--retries', '0', '--base-url', 'http://no-such-host.invalid/v1'];
  const run = await box.run([...good, ...flags], { env: { OPENAI_API_KEY: 'sk-any' } });
  expect(run.stderr).toMatch(/no-such-host\.invalid/);
  expect(run).toMatchObject({ exitCode: 5, stdout: '' });
});

it('learns from create that the key is wrong, and sends no part', async () => {
  const box = await sandbox();
  const server = await testServer();
  await randomFile(box.path('good'), 100);
  const run = await box.run(good, { env: { ...server.env, OPENAI_API_KEY: 'sk-wrong-0123456789' } });
  expect(run.stderr).toMatch(/key/i);
  expect(run.stderr).not.toContain('sk-wrong-0123456789');
  expect(run).toMatchObject({ exitCode: 4, stdout: '' });
  expect(server.logs.map(({ endpoint, status }) => [endpoint, status])).toEqual([['create', 401]]);
  expect(await box.leftovers()).toEqual([]);
});

it('leaves an unknown purpose to the server', async () => {
  const box = await sandbox();
  const server = await testServer();
  await randomFile(box.path('good'), 100);
  const run = await box.run(['push', 'good', '--purpose', 'world-peace', '--json'], server);
  expect(run.exitCode).toBe(6);
  expect(run.results()[0]).toMatchObject({
    status: 'failed',
    purpose: 'world-peace',
    resumable: false,
    error: { code: 'REJECTED', exit_code: 6, http_status: 400, message: expect.stringContaining('world-peace') },
  });
  expect(server.logs.map(({ endpoint, status }) => [endpoint, status])).toEqual([['create', 400]]);
  expect(await box.leftovers()).toEqual([]);
});

it('explains itself without arguments, on stderr and with code 2', async () => {
  const run = await (await sandbox()).run([]);
  expect(run).toMatchObject({ exitCode: 2, stdout: '' });
  expect(run.stderr).toMatch(/Usage: oai-upload/);
});

it.each([['--help'], ['help'], ['-h']])('explains itself on stdout when asked by %s', async flag => {
  const run = await (await sandbox()).run([flag]);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  expect(run.stdout).toMatch(/Usage: oai-upload.*push.*serve/s);
});

it('explains a command when asked', async () => {
  const run = await (await sandbox()).run(['push', '--help']);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  for (const flag of ['--purpose', '--part-size', '--concurrency', '--json', '--base-url'])
    expect(run.stdout).toContain(flag);
});

it.each([['--version'], ['-V']])('tells its version when asked by %s', async flag => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(await (await sandbox()).run([flag])).toMatchObject({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

async function nothingHappened(box: Sandbox, server: TestServer): Promise<void> {
  expect(server.logs).toEqual([]);
  expect(existsSync(box.stateDir)).toBe(false);
}

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 1;
}

const NOBODY = 65_534;

/** Who runs the command so that file modes count: ourselves, or for root nobody, where that user can run it at all. */
async function unprivileged(box: Sandbox): Promise<Pick<CliOptions, 'uid'> | undefined> {
  if (process.getuid?.() !== 0) return {};
  const probe = spawnSync(process.execPath, ['-e', 'fs.readFileSync(process.argv[1])', BIN], { uid: NOBODY });
  if (probe.status !== 0) return undefined;
  for (const dir of [box.dir, box.work]) await chown(dir, NOBODY, NOBODY);
  return { uid: NOBODY };
}
