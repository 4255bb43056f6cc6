import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BIN, type CliResult, type Sandbox, sandbox, startProcess } from '../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../support/files.ts';
import { testServer } from '../support/server.ts';

const NAME = Buffer.from('caf\xe9.bin', 'latin1');
const OTHER = Buffer.from('caf\xea.bin', 'latin1');
const PART = 64 * KiB;
const PUSH = '--purpose assistants --part-size 64KiB --concurrency 1 --json';

/** As a shell runs it: `%` in the line is the name of `bytes`. */
const inShell = (
  box: Sandbox,
  line: string,
  bytes: Buffer,
  env: Readonly<Record<string, string>>,
  stdin?: Uint8Array,
) => {
  const octal = [...bytes].map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  const script = `name=$(printf '${octal}'); exec "$NODE" "$BIN" ${line.replaceAll('%', '"$name"')}`;
  const options = { cwd: box.work, env: { ...box.env, ...env, NODE: process.execPath, BIN }, ...(stdin && { stdin }) };
  return startProcess('/bin/sh', ['-c', script], options);
};

/** Such names are Linux's alone: macOS and Windows have none. */
const onLinux = it.skipIf(process.platform !== 'linux');

async function scene() {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  const whole = await randomFile(box.path('whole'), 3 * PART);
  const [folder, bytes] = [Buffer.from(`${box.work}/`), await readFile(whole)];
  await writeFile(Buffer.concat([folder, NAME]), bytes);
  await writeFile(Buffer.concat([folder, OTHER]), bytes.subarray(0, PART));
  const run = (
    line: string,
    env: Readonly<Record<string, string>> = server.env,
    stdin?: Uint8Array,
  ): Promise<CliResult> => inShell(box, line, NAME, env, stdin).ended;
  return { box, server, run, md5: await md5OfFile(whole) };
}

onLinux('12.26: a file whose name is not UTF-8 is pushed by its bytes, and shown with them escaped', async () => {
  const { server, run, md5 } = await scene();
  const { exitCode, stderr, results } = await run(`push % ${PUSH}`);
  expect(exitCode, stderr).toBe(0);
  expect(results()).toMatchObject([{ path: 'caf\\xe9.bin', filename: 'caf_.bin', md5 }]);
  expect(stderr).toContain('caf\\xe9.bin');
  expect(await server.files()).toMatchObject([{ filename: 'caf_.bin', bytes: 3 * PART }]);
  expect(await server.md5(results()[0]?.['file_id'])).toBe(md5);
});

onLinux.each(['\n', '\0'])('12.26: a list names it by its bytes, %j behind each', async end => {
  const { server, run } = await scene();
  const list = Buffer.concat([NAME, Buffer.from(end), OTHER, Buffer.from(end), Buffer.from('whole'), Buffer.from(end)]);
  const { exitCode, stderr, results } = await run(`push --files-from - ${PUSH}`, server.env, list);
  expect(exitCode, stderr).toBe(0);
  expect(results().map(({ path, bytes }) => [path, bytes])).toEqual([
    ['caf\\xe9.bin', 3 * PART],
    ['caf\\xea.bin', PART],
    ['whole', 3 * PART],
  ]);
});

onLinux('12.26: it is resumed, shown and cancelled like any other', async () => {
  const { box, server, run, md5 } = await scene();
  const stopped = async () => {
    await server.restart({ faults: [{ endpoint: 'part', part: 2, do: 'slow', bytesPerSecond: KiB }] });
    const live = inShell(box, `push % ${PUSH} --progress=json`, NAME, server.env);
    await live.event('part.finished');
    live.kill('SIGINT');
    expect((await live.ended).exitCode).toBe(130);
    await server.restart();
  };
  await stopped();
  const path = join(box.work, 'caf\\xe9.bin');
  const listed = await run('list --json');
  expect(listed.results()).toMatchObject([{ path, filename: 'caf_.bin', state: 'resumable', parts: { done: 1 } }]);
  const shown = await run('show %');
  expect(shown.exitCode, shown.stderr).toBe(0);
  expect(shown.stdout).toContain(path);
  const again = await run('resume % --json');
  expect(again.exitCode, again.stderr).toBe(0);
  expect(again.results()).toMatchObject([{ path, md5, parts: { resumed: 1, sent: 2 } }]);
  await stopped();
  // Another file whose name differs in its odd byte alone is another file.
  expect((await inShell(box, 'show %', OTHER, server.env).ended).exitCode).toBe(2);
  const cancelled = await run('cancel %');
  expect(cancelled.exitCode, cancelled.stderr).toBe(0);
  expect(await box.journals()).toEqual([]);
});

onLinux('12.26: check, verify and --dry-run find it', async () => {
  const { server, run } = await scene();
  const planned = await run(`push % ${PUSH} --dry-run`);
  expect(planned.results()).toMatchObject([{ status: 'planned', bytes: 3 * PART }]);
  const [{ file_id: id } = {}] = (await run(`push % ${PUSH}`)).results();
  const verified = await run(`verify % ${id} --json`);
  expect(verified.results()).toMatchObject([{ status: 'verified', content: 'same' }]);
  const checked = await run('check % --purpose batch --json', server.env);
  expect(checked.exitCode).toBe(3);
  expect(checked.results()).toMatchObject([{ bytes: 3 * PART }]);
});
