import { readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type CliOptions, type CliResult, type LiveCli, type Sandbox, sandbox, startProcess } from '../support/cli.ts';
import { KiB, MiB, randomFile, sameBytes } from '../support/files.ts';
import { fineTuneFile } from '../support/jsonl.ts';
import { ROOT } from '../support/packed.ts';
import { atTerminal } from '../support/pty.ts';
import { testServer } from '../support/server.ts';
import { COMMAND, IS_EXECUTABLE } from './command.ts';

// What a command must do wherever it comes from: the tarball, or `SMOKE_COMMAND=sea/oai-upload` (`npm run test:sea`).

const start = (box: Sandbox, args: readonly string[], options: CliOptions = {}): LiveCli =>
  startProcess(COMMAND, args, { cwd: box.work, ...options, env: { ...box.env, ...options.env } });
const run = (box: Sandbox, args: readonly string[], options?: CliOptions): Promise<CliResult> =>
  start(box, args, options).ended;

it('tells its version and its help', async () => {
  const box = await sandbox();
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  expect(await run(box, ['--version'])).toMatchObject({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  expect(await run(box, ['push', '--help'])).toMatchObject({
    stdout: expect.stringContaining('--purpose'),
    stderr: '',
  });
});

it('checks, hashes and pushes a file in threads', async () => {
  const box = await sandbox();
  const path = await fineTuneFile(box.path('train.jsonl'), 5 * MiB);
  const push = ['push', 'train.jsonl', '--purpose', 'fine-tune', '--local', '--local-dir', 'kept', '--json'];
  const { exitCode, results, stderr } = await run(box, push);
  expect(exitCode, stderr).toBe(0);
  expect(results()[0]).toMatchObject({ status: 'completed', md5: expect.stringMatching(/^[\da-f]{32}$/) });
  expect(await sameBytes(box.path(`kept/files/${results()[0]?.['file_id']}/train.jsonl`), path)).toBe(true);

  await truncate(path, 5 * MiB - 100);
  const refused = await run(box, push);
  expect(refused.exitCode).toBe(3);
  expect(refused.results()[0]?.['error']).toMatchObject({ reason: 'invalid-lines' });
});

it('reads a large file in a thread where no md5 is made', async () => {
  const box = await sandbox();
  const path = await randomFile(box.path('large'), MiB);
  await truncate(path, 65 * MiB);
  const push = ['push', 'large', '--purpose', 'assistants', '--no-md5', '--local', '--local-dir', 'kept'];
  const { exitCode, stdout, stderr } = await run(box, push);
  expect(exitCode, stderr).toBe(0);
  expect(await sameBytes(box.path(`kept/files/${stdout.trim()}/large`), path)).toBe(true);
});

it('resumes what was interrupted, and tells what is saved', async () => {
  const box = await sandbox();
  const server = await testServer({ faults: [{ endpoint: 'part', part: 4, do: 'slow', bytesPerSecond: KiB }] });
  const path = await randomFile(box.path('f.bin'), 640 * KiB);
  const push = ['push', 'f.bin', '--purpose', 'assistants', '--part-size', '64KiB', '--concurrency', '1', '--json'];
  const first = start(box, [...push, '--progress=json'], server);
  await first.event('part.finished', 3);
  first.kill('SIGINT');
  expect(await first.ended).toMatchObject({ exitCode: 130 });
  const listed = await run(box, ['list', '--json']);
  expect(listed.results()).toMatchObject([{ state: 'resumable', parts: { total: 10, done: 3 } }]);

  await server.restart();
  const { exitCode, results, stderr } = await run(box, ['resume', '--all', '--json'], server);
  expect(exitCode, stderr).toBe(0);
  expect(results()[0]).toMatchObject({ status: 'completed', parts: { total: 10, sent: 7, resumed: 3 } });
  expect(await sameBytes(await server.contentPath(results()[0]?.['file_id']), path)).toBe(true);
});

it('serves, and pushes stdin to what it serves', async () => {
  const box = await sandbox();
  const server = start(box, ['serve', '--dir', 'served']);
  const env = { OPENAI_BASE_URL: await server.line(), OPENAI_API_KEY: 'sk-smoke-0123456789' };
  const push = ['push', '-', '--filename', 'notes.txt', '--purpose', 'assistants'];
  const { exitCode, stdout, stderr } = await run(box, push, { env, stdin: 'from a pipe' });
  expect(exitCode, stderr).toBe(0);
  expect(await readFile(box.path(`served/files/${stdout.trim()}/notes.txt`), 'utf8')).toBe('from a pipe');
  server.kill('SIGTERM');
  expect(await server.ended).toMatchObject({ exitCode: 0 });
});

it('shows a bar at a terminal', async () => {
  const box = await sandbox();
  const server = await testServer({ faults: [{ endpoint: 'part', part: 2, do: 'slow', bytesPerSecond: 256 * KiB }] });
  await randomFile(box.path('f.bin'), 256 * KiB);
  const push = ['push', 'f.bin', '--purpose', 'assistants', '--part-size', '128KiB', '--concurrency', '1'];
  const screen = atTerminal(push, box, { file: COMMAND, env: server.env });
  await screen.until(/\d+%/);
  expect(await screen.ended).toBe(0);
  expect(screen.screen()).toMatch(/✓ f\.bin → file-/);
});

it.each(['bash', 'zsh', 'fish', 'pwsh'])('teaches %s to complete', async shell => {
  const script = await readFile(join(ROOT, `src/cli/completion/oai-upload.${shell}`), 'utf8');
  expect(await run(await sandbox(), ['completion', shell])).toMatchObject({ exitCode: 0, stdout: script, stderr: '' });
});

it('says how a wrong flag is likely meant', async () => {
  const { exitCode, stdout, stderr } = await run(await sandbox(), ['push', 'f', '--purpos', 'batch']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/hint: .*--purpose/);
});

it('names lines of the source in the stack of a bug', async () => {
  const box = await sandbox();
  await box.write('f', 'bytes');
  const bug = `
    const fs = require('node:fs/promises');
    const { open } = fs;
    fs.open = (path, ...others) => { if (/(^|\\/)f$/.test(String(path))) throw new TypeError('forced'); return open(path, ...others); };
    require('node:module').syncBuiltinESMExports();`;
  const env = { NODE_OPTIONS: `--require ${await box.write('bug.cjs', bug)}` };
  const { exitCode, stderr } = await run(box, ['push', 'f', '--purpose', 'assistants', '--local'], { env });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/ at .*src\/io\/source\/file-source\.ts:\d+:\d+\)?\n/);
  expect(stderr).not.toContain(ROOT);
});

it.runIf(IS_EXECUTABLE)('16.2: is at most 3 MB larger than the node in it', async () => {
  const [bytes, own] = await Promise.all([COMMAND, process.execPath].map(async path => (await stat(path)).size));
  expect((bytes ?? 0) - (own ?? 0)).toBeLessThanOrEqual(3_000_000);
});
