import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/command-table.ts';
import { type CliOptions, type CliResult, type Sandbox, sandbox } from '../support/cli.ts';
import { randomFile } from '../support/files.ts';
import { strayLines } from '../support/schema.ts';
import { testServer } from '../support/server.ts';

/** The one object on stdout, which the published schema allows; people are told the same on stderr. */
function failure({ stdout, stderr, results }: CliResult) {
  expect(strayLines('result', stdout.split('\n').slice(0, -1))).toEqual([]);
  expect(results()).toHaveLength(1);
  const [result] = results();
  expect(stderr).toContain(`oai-upload: ${result?.['error'].message}\n`);
  return result;
}

const NOTHING = {
  path: null,
  file_id: null,
  upload_id: null,
  filename: null,
  purpose: null,
  bytes: null,
  md5: null,
  parts: { total: 0, sent: 0, resumed: 0, changed: 0 },
  bytes_sent: 0,
  file: null,
  resumable: false,
};

/** Throws where nothing catches it, at the first request. */
const THROWS = [
  '--import',
  `data:text/javascript,${encodeURIComponent(`
    import http from 'node:http';
    const { end } = http.ClientRequest.prototype;
    http.ClientRequest.prototype.end = function (...given) {
      setImmediate(() => { throw new Error('boom'); });
      return end.apply(this, given);
    };
  `)}`,
];

const usage = (message: string | RegExp) => ({
  status: 'failed',
  ...NOTHING,
  error: { code: 'USAGE', reason: 'usage', message: expect.stringMatching(message), exit_code: 2, http_status: null },
});

describe('12.28: a mistake of usage with --json is one object on stdout', () => {
  it.each(Object.keys(commands))('an unknown option of %s', async name => {
    const run = await (await sandbox()).run([name, '--nonsense', '--json']);
    expect(failure(run)).toMatchObject(usage(/^unknown option '--nonsense'$/));
    expect(run.exitCode).toBe(2);
  });

  it.each([
    { args: ['--json', 'psuh', 'f'], says: /^unknown command 'psuh'$/ },
    { args: ['--json'], says: /^a command is missing$/ },
    { args: ['help', 'psuh', '--json'], says: /^unknown command 'psuh'$/ },
    { args: ['push', '--json', '--purpose'], says: /^option '-p, --purpose <purpose>' needs a value$/ },
    { args: ['show', '--json'], says: /^missing required argument 'id-or-file'$/ },
    { args: ['list', 'a', '--json'], says: /^too many arguments for 'list': expected 0, got 1$/ },
    { args: ['push', 'f', '--json'], says: /^--purpose is missing$/ },
    { args: ['push', 'f', '-p', 'batch', '-c', '0', '--json'], says: /^--concurrency takes/ },
    { args: ['check', 'f', '--json'], says: /^--purpose is missing$/ },
    { args: ['verify', 'f', '', 'x', '--json'], says: /too many arguments|verify takes/ },
    { args: ['resume', '--json'], says: /^resume what\?/ },
    { args: ['cancel', 'x', '--json'], says: /^nothing is saved for x$/ },
    { args: ['completion', 'tcsh', '--json'], says: /tcsh/ },
    { args: ['doctor', '--stall-timeout', 'x', '--json'], says: /^--stall-timeout takes/ },
    { args: ['serve', '--port', 'x', '--json'], says: /^--port takes/ },
  ])('$args', async ({ args, says }) => {
    const run = await (await sandbox()).run(args);
    expect(failure(run)).toMatchObject(usage(says));
    expect(run.stderr).toContain(`hint: ${run.results()[0]?.['error'].hint}\n`);
    expect(run.exitCode).toBe(2);
  });

  it.each([
    { name: 'the environment', env: { OAI_UPLOAD_JSON: '1' }, config: undefined },
    { name: 'the config file', env: {}, config: { json: true } },
  ])('where $name has --json', async ({ env, config }) => {
    const box = await sandbox();
    if (config) await writeConfig(box, JSON.stringify(config));
    for (const args of [['push', '--nonsense'], ['psuh'], ['push', 'f']])
      expect(failure(await box.run(args, { env }))).toMatchObject({ status: 'failed', error: { code: 'USAGE' } });
    expect(failure(await box.run([], { env }))).toMatchObject(usage(/^a command is missing$/));
  });

  it('without a key, and with a config file that cannot be read', async () => {
    const box = await sandbox();
    await randomFile(box.path('f'), 100);
    const push = ['push', 'f', '--purpose', 'batch', '--json'];
    expect(failure(await box.run(push))).toMatchObject({ ...NOTHING, error: { code: 'USAGE', reason: 'no-key' } });
    await writeConfig(box, '{');
    expect(failure(await box.run(push))).toMatchObject(usage(/config\.json:1:2: /));
  });

  it('and so is a bug that nothing caught', async () => {
    const box = await sandbox();
    const server = await testServer();
    await randomFile(box.path('f'), 100);
    const run = await box.run(['push', 'f', '--purpose', 'user_data', '--json'], { ...server, nodeArgs: THROWS });
    expect(run.exitCode).toBe(1);
    expect(failure(run)).toMatchObject({
      ...NOTHING,
      error: { code: 'BUG', reason: 'bug', message: 'boom', exit_code: 1 },
    });
    expect(run.stderr).toContain('this is a bug in oai-upload');
  });

  it('leaves stdout empty without --json, also where its value is none', async () => {
    const box = await sandbox();
    for (const [args, env] of [
      [['push', 'f', '--nonsense'], {}],
      [['push', 'f'], {}],
      [['push', 'f', '--nonsense'], { OAI_UPLOAD_JSON: '0' }],
      [['push', 'f', '--nonsense'], { OAI_UPLOAD_JSON: 'perhaps' }],
      [['push', 'f', '-p', 'batch', '--', '--json'], {}],
    ] as [string[], CliOptions['env']][])
      expect(await box.run(args, { env: env ?? {} })).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

const helpOf = (command: string): string => `hint: see oai-upload help ${command}\n`;

describe("13.9: commander's own errors speak in the one voice", () => {
  it.each([
    { args: ['psuh'], stderr: "oai-upload: unknown command 'psuh'\nhint: did you mean push?\n" },
    { args: ['stauts'], stderr: "oai-upload: unknown command 'stauts'\nhint: did you mean status?\n" },
    { args: ['xyzzyx'], stderr: "oai-upload: unknown command 'xyzzyx'\nhint: see oai-upload --help\n" },
    { args: ['list', '--jsno'], stderr: "oai-upload: unknown option '--jsno'\nhint: did you mean --json?\n" },
    {
      args: ['list', 'x', 'y'],
      stderr: `oai-upload: too many arguments for 'list': expected 0, got 2\n${helpOf('list')}`,
    },
    {
      args: ['push', '--filename'],
      stderr: `oai-upload: option '--filename <name>' needs a value\n${helpOf('push')}`,
    },
    { args: ['show'], stderr: `oai-upload: missing required argument 'id-or-file'\n${helpOf('show')}` },
    { args: ['help', 'lits'], ends: "oai-upload: unknown command 'lits'\nhint: did you mean list?\n" },
    { args: [], ends: `oai-upload: a command is missing\n${helpOf('push')}` },
  ])('$args', async ({ args, stderr, ends }) => {
    const run = await (await sandbox()).run(args);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    if (stderr) expect(run.stderr).toBe(stderr);
    expect(run.stderr.endsWith(ends ?? '')).toBe(true);
  });

  it('shows what it quotes without control characters, and no secret', async () => {
    const box = await sandbox();
    const secret = 'sk-proj-0123456789abcdef';
    const runs = await Promise.all(
      [
        ['--api-key', secret, 'push'],
        [`--api-key=${secret}`],
        ['push', `--key=${secret}`],
        [secret],
        ['help', secret],
      ].map(args => box.run(args)),
    );
    for (const { stdout, stderr, exitCode } of runs) {
      expect(exitCode).toBe(2);
      expect(stdout + stderr).not.toContain(secret.slice(3));
    }
    expect(runs[1]?.stderr).toBe(
      "oai-upload: unknown option '--api-key'\nhint: a key is never a flag: set OPENAI_API_KEY, name a file with --api-key-file or a program with --api-key-command\n",
    );
    const { stderr } = await box.run(['list', '--\u001b[31m\u202e\u0007']);
    expect(stderr).toBe(`oai-upload: unknown option '--\\x1b[31m\\u202e\\x07'\n${helpOf('list')}`);
  });
});

describe('16.10: names of other tools', () => {
  it.each([
    ['upload', 'push'],
    ['cp', 'push'],
    ['ls', 'list'],
    ['status', 'show'],
    ['rm', 'cancel'],
  ])('%s is %s', async (alias, name) => {
    const box = await sandbox();
    const [one, other] = await Promise.all([box.run([alias, '--help']), box.run([name, '--help'])]);
    expect(one).toMatchObject({ exitCode: 0, stdout: other.stdout });
    expect(one.stdout).toMatch(new RegExp(`^Aliases:\n.*\\b${alias}\\b`, 'm'));
  });

  it('version is --version', async () => {
    const box = await sandbox();
    const [one, other] = await Promise.all([box.run(['version']), box.run(['--version'])]);
    expect(one).toEqual({ ...other, results: expect.anything(), events: expect.anything() });
    expect((await box.run(['--help'])).stdout).not.toMatch(/^ {2}version/m);
  });

  it('pushes by another name and with short flags', async () => {
    const box = await sandbox();
    const server = await testServer();
    for (const name of ['a', 'b']) await randomFile(box.path(name), 100, name);
    await box.write('list', 'b\n');
    const planned = await box.run(['cp', 'a', '-np', 'batch', '--json'], server);
    expect(planned.results()).toMatchObject([{ status: 'planned', purpose: 'batch' }]);
    const run = await box.run(['upload', 'a', '-p', 'user_data', '-c', '2', '-f', 'list', '--json'], server);
    expect(run.results()).toMatchObject([
      { status: 'completed', filename: 'a', purpose: 'user_data' },
      { status: 'completed', filename: 'b', purpose: 'user_data' },
    ]);
  });

  it('completes flags after an alias', async () => {
    const { stdout } = await (await sandbox()).run(['__complete', '1', 'cp', '--purp']);
    expect(stdout).toMatch(/^--purpose\t/);
  });
});

async function writeConfig(box: Sandbox, text: string): Promise<void> {
  const path = join(box.env['XDG_CONFIG_HOME'] ?? '', 'oai-upload', 'config.json');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
