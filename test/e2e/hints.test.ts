import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/server/faults/fault.ts';
import { runCli, sandbox } from '../support/cli.ts';
import { KiB, randomFile } from '../support/files.ts';
import { atTerminal, CTRL_C } from '../support/pty.ts';
import { testServer } from '../support/server.ts';

// What a person is told to do can be done: a hint names what this command has, and what this server knows.

it('a command that has no --local does not say to add it', async () => {
  const { stdout, stderr } = await runCli(['doctor', '--no-upload', '--base-url', 'http://127.0.0.1:1/v1']);
  expect(stdout).toContain('hint: set OPENAI_API_KEY or name a file with --api-key-file');
  expect(stdout + stderr).not.toContain('add --local');
});

it.each(['resume', 'cancel'])('%s --all says that nothing is saved, and without --all how to begin', async command => {
  const box = await sandbox();
  expect(await box.run([command, '--all'])).toMatchObject({ exitCode: 0, stdout: '', stderr: 'nothing is saved\n' });
  expect(await box.run([command, '--all', '--quiet'])).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  expect((await box.run([command])).stderr).toContain('hint: no upload is saved: oai-upload push begins one\n');
});

it.each([
  { args: ['data.jsonl'], hint: 'see oai-upload --help' },
  { args: ['push'], hint: 'see oai-upload help push' },
  { args: ['status'], hint: 'see oai-upload help show' },
])('a mistake without a better hint leads to the help: $args', async ({ args, hint }) => {
  const box = await sandbox();
  expect((await box.run(args)).stderr).toContain(`hint: ${hint}\n`);
  const [, , ...command] = hint.split(' ');
  expect(await box.run(command)).toMatchObject({ exitCode: 0, stderr: '' });
});

describe.skipIf(process.platform === 'win32')('at a terminal', () => {
  it('a push to this machine names no next call: no API knows the file', async () => {
    const box = await sandbox();
    await box.write('notes.txt', 'notes');
    const terminal = atTerminal(['push', 'notes.txt', '--purpose', 'assistants', '--local'], box);
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen()).toMatch(/md5 verified by the server\nfile-\w+$/);
  });

  it('serve says how to push to it, and that works', async () => {
    const box = await sandbox();
    await box.write('notes.txt', 'notes');
    const terminal = atTerminal(['serve', '--dir', 'api'], box, { columns: 120 });
    const screen = await terminal.until(/any key in OPENAI_API_KEY$/m);
    expect(screen).toMatch(
      /^(http:\S+)\nserving until Ctrl-C, files are kept in \/.*\/api\nhint: push to it with --base-url \1 /,
    );
    const flags = /--base-url \S+/.exec(screen)?.[0].split(' ') ?? [];
    const push = ['push', 'notes.txt', '--purpose', 'assistants', ...flags];
    expect(await box.run(push, { env: { OPENAI_API_KEY: 'any' } })).toMatchObject({ exitCode: 0 });
    terminal.type(CTRL_C);
    expect(await terminal.ended).toBe(0);
  });

  it('Ctrl-C with --cancel-on-interrupt promises nothing to resume', async () => {
    const box = await sandbox();
    const held: Fault = { endpoint: 'part', part: 3, do: 'stall' };
    const server = await testServer({ faults: [held] });
    await randomFile(box.path('f.bin'), 256 * KiB);
    const push = ['push', 'f.bin', '--purpose', 'assistants', '--part-size', '64KiB', '--concurrency', '1'];
    const terminal = atTerminal([...push, '--cancel-on-interrupt'], box, { env: server.env });
    // What waits to be sent counts, until it is given up.
    await terminal.until(/ [57]\d%/);
    terminal.type(CTRL_C);
    expect(await terminal.ended).toBe(130);
    expect(terminal.screen()).toMatch(/interrupted by SIGINT\nhint: nothing is kept: the same command starts over$/);
  });
});
