import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from '../support/cli.ts';
import { KiB, randomFile } from '../support/files.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { shell } from '../support/shell.ts';

/** A line of bash, which knows process substitution. */
const bash = (line: string, box: Sandbox, { env }: TestServer) =>
  shell('exec bash -c "$LINE"', box, { env: { ...env, LINE: line } });

const KEY = 'sk-proj-0123456789abcdefghij';

describe.skipIf(process.platform === 'win32')('12.28: a pipe that is named as a file', () => {
  it.each([
    { what: 'a FIFO', file: 'fifo', feed: 'cat fifo' },
    { what: 'a FIFO with a space in its name', file: "'a fifo'", feed: "cat 'a fifo'" },
    { what: 'a process substitution', file: '<(echo x)', feed: '…' },
    { what: 'a piped /dev/stdin', file: '/dev/stdin', feed: '…' },
    { what: 'a piped /dev/fd/0', file: '/dev/fd/0', feed: '…' },
    { what: 'a device', file: '/dev/null', feed: 'cat /dev/null' },
  ])('$what: says how to push it', async ({ file, feed }) => {
    const box = await sandbox();
    for (const name of ['fifo', 'a fifo']) execFileSync('mkfifo', [box.path(name)]);
    const server = await testServer();
    for (const flags of ['', '--dry-run']) {
      const line = `echo x | oai-upload push ${file} --purpose user_data --json ${flags}`;
      const run = await bash(line, box, server);
      expect(run.exitCode, run.stderr).toBe(3);
      expect(run.stderr).toContain('is not a regular file\n');
      const hint = `push what a pipe brings as stdin: ${feed} | oai-upload push - --filename NAME --purpose PURPOSE`;
      expect(run.stderr).toContain(`hint: ${hint}\n`);
      expect(JSON.parse(run.stdout)).toMatchObject({
        status: 'failed',
        error: { reason: 'not-a-file', exit_code: 3, hint },
      });
    }
    expect(server.logs).toEqual([]);
  });

  it('the hinted command works as it is printed', async () => {
    const box = await sandbox();
    execFileSync('mkfifo', [box.path('fifo')]);
    const server = await testServer();
    const { stderr } = await shell('oai-upload push fifo --purpose batch', box, server);
    const command = /hint: .*?: (cat .*)\n/.exec(stderr)?.[1] ?? '';
    const filled = command.replace('NAME', 'x.bin').replace('PURPOSE', 'user_data');
    const run = await shell(`(echo hello > fifo) & ${filled}`, box, server);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(await server.files()).toMatchObject([{ filename: 'x.bin', bytes: 6 }]);
  });

  it('check and verify say that they need a file', async () => {
    const box = await sandbox();
    const server = await testServer();
    for (const line of ['oai-upload check <(echo x) --purpose batch', 'oai-upload verify <(echo x) file-x'])
      expect((await bash(line, box, server)).stderr).toContain(
        'hint: only push reads a pipe (push -): save it to a file first\n',
      );
  });

  it('a file behind /dev/stdin is pushed', async () => {
    const box = await sandbox();
    const server = await testServer();
    await randomFile(box.path('f'), KiB);
    const run = await shell('oai-upload push /dev/stdin --filename f --purpose user_data < f', box, server);
    expect(run.exitCode, run.stderr).toBe(0);
  });
});

describe('12.28: a ~ that the shell did not replace', () => {
  const HINT =
    'hint: the shell did not replace ~: leave the quotes out, put a space instead of = before it, or write $HOME\n';

  it.each([
    { args: ['push', '~/data.jsonl', '--purpose', 'batch'], exitCode: 3 },
    { args: ['push', '~/data.jsonl', '--purpose', 'batch', '--dry-run'], exitCode: 3 },
    { args: ['check', '~someone/data.jsonl', '--purpose', 'batch'], exitCode: 3 },
    { args: ['verify', '~/data.jsonl', 'file-x'], exitCode: 3 },
    { args: ['push', '--files-from=~/list', '--purpose', 'batch'], exitCode: 2 },
    { args: ['push', 'f', '--purpose', 'batch', '--api-key-file=~/key'], exitCode: 2 },
  ])('$args', async ({ args, exitCode }) => {
    const box = await sandbox();
    const server = await testServer();
    await randomFile(box.path('f'), KiB);
    const run = await box.run(args, server);
    expect(run).toMatchObject({ exitCode, stdout: '' });
    expect(run.stderr).toContain(HINT);
  });

  it('a file of that name is pushed', async () => {
    const box = await sandbox();
    const server = await testServer();
    await randomFile(box.path('~'), KiB);
    expect(await box.run(['push', '~', '--purpose', 'user_data'], server)).toMatchObject({ exitCode: 0 });
  });
});

describe('12.28: a key that was copied with more than the key', () => {
  it.each([
    { key: `"${KEY}"`, says: 'the key has quotes around it' },
    { key: `'${KEY}'`, says: 'the key has quotes around it' },
    { key: `\u201c${KEY}\u201d`, says: 'the key has quotes around it' },
    { key: `"${KEY}`, says: 'the key has quotes around it' },
    { key: `Bearer ${KEY}`, says: 'the key begins with the word Bearer' },
    { key: `OPENAI_API_KEY=${KEY}`, says: 'the key begins with the name of a variable' },
    { key: `export OPENAI_API_KEY="${KEY}"`, says: 'the key begins with the name of a variable' },
    { key: '$OPENAI_API_KEY', says: 'the key is a placeholder: nothing was put in its place' },
    { key: '<your-key>', says: 'the key is a placeholder: nothing was put in its place' },
    { key: `sk-proj 0123456789abcdefghij`, says: 'the key holds characters that no key has: spaces or line ends' },
    { key: `${KEY}\n${KEY}`, says: 'the key holds characters that no key has: spaces or line ends' },
    { key: `${KEY}\u200b`, says: 'the key holds characters that no key has' },
  ])('$says', async ({ key, says }) => {
    const box = await sandbox();
    const server = await testServer();
    await randomFile(box.path('f'), KiB);
    await box.write('key', `${key}\n`);
    for (const [flags, variable] of [
      [['--api-key-file', 'key'], ''],
      [[], key],
    ] as const) {
      const args = ['push', 'f', '--purpose', 'user_data', '--json', ...flags];
      const run = await box.run(args, { env: { ...server.env, OPENAI_API_KEY: variable } });
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toMatch(new RegExp(`^oai-upload: ${says}\nhint: .+\n$`));
      expect(run.results()).toMatchObject([
        { status: 'failed', error: { code: 'USAGE', reason: 'no-key', message: says } },
      ]);
      expect(run.stderr + run.stdout).not.toContain('0123456789');
    }
    expect(server.logs).toEqual([]);
  });

  it('takes a key with the white space of an editor around it', async () => {
    const box = await sandbox();
    const server = await testServer();
    await randomFile(box.path('f'), KiB);
    await box.write('key', `\n  ${server.env.OPENAI_API_KEY}\t\r\n\n`);
    const args = ['push', 'f', '--purpose', 'user_data', '--api-key-file', 'key'];
    expect(await box.run(args, { env: { ...server.env, OPENAI_API_KEY: '' } })).toMatchObject({ exitCode: 0 });
  });
});
