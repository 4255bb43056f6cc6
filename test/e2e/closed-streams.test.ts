import { describe, expect, it } from 'vitest';
import { sandbox } from '../support/cli.ts';
import { KiB, randomFile } from '../support/files.ts';
import { testServer } from '../support/server.ts';
import { shell } from '../support/shell.ts';

const PUSH = 'oai-upload push f --purpose user_data --part-size 64KiB';

it.each([
  { name: 'nobody reads stdout', script: `(${PUSH}; echo $? > code) | head -n 0` },
  { name: 'nobody reads its JSON', script: `(${PUSH} --json; echo $? > code) | head -c 0` },
  { name: 'nobody reads stderr', script: `(${PUSH} --progress=json; echo $? > code) 2>&1 >/dev/null | head -n 0` },
  { name: 'stdout is closed', script: `${PUSH} >&-; echo $? > code` },
  { name: 'stderr is closed', script: `${PUSH} 2>&-; echo $? > code` },
  { name: 'stdin is closed', script: `${PUSH} <&-; echo $? > code` },
  { name: 'all are closed', script: `${PUSH} --json --progress=json <&- >&- 2>&-; echo $? > code` },
  { name: 'the disk is full behind stderr', script: `${PUSH} 2>/dev/full; echo $? > code` },
])('completes though $name', async ({ script }) => {
  const box = await sandbox();
  const server = await testServer();
  await randomFile(box.path('f'), 640 * KiB);
  const { stdout } = await shell(`${script}; cat code`, box, server);
  expect(stdout.trim().split('\n').at(-1)).toBe('0');
  expect(await server.files()).toMatchObject([{ filename: 'f', bytes: 640 * KiB }]);
  expect(await box.leftovers()).toEqual([]);
});

describe.runIf(process.platform === 'linux')('a disk that is full behind stdout', () => {
  it.each([
    { name: 'the id', flags: '', printed: /^file-\w+$/ },
    { name: 'the JSON', flags: '--json', printed: /^\{.*"bytes_sent":0,.*"status":"completed"\}$/ },
  ])('keeps $name for the same command, which uploads nothing', async ({ flags, printed }) => {
    const box = await sandbox();
    const server = await testServer();
    await randomFile(box.path('f'), 640 * KiB);
    const full = await shell(`${PUSH} ${flags} >/dev/full`, box, server);
    expect(full).toMatchObject({ exitCode: 5, stdout: '' });
    expect(full.stderr).toMatch(/cannot be written to stdout: ENOSPC.*\nhint: make room there/);
    expect(full.stderr.split('ENOSPC')).toHaveLength(2);
    const parts = server.acceptedParts().length;
    const again = await shell(`${PUSH} ${flags}`, box, server);
    expect(again.exitCode).toBe(0);
    expect(again.stdout.trim()).toMatch(printed);
    expect(server.acceptedParts()).toHaveLength(parts);
    expect(await server.files()).toHaveLength(1);
    expect(await box.leftovers()).toEqual([]);
  });

  it('is told once for many files, and a file that failed by itself keeps its own error', async () => {
    const box = await sandbox();
    const server = await testServer();
    for (const name of ['a', 'b', 'c']) await randomFile(box.path(name), KiB, name);
    const full = await shell('oai-upload push none a b c --purpose user_data >/dev/full', box, server);
    expect(full.exitCode).toBe(3);
    expect(full.stderr.split('ENOSPC')).toHaveLength(2);
    const again = await shell('oai-upload push a b c --purpose user_data', box, server);
    expect(again.stdout.trim().split('\n')).toHaveLength(3);
    expect(await server.files()).toHaveLength(3);
  });

  it('is told by whatever prints there', async () => {
    const box = await sandbox();
    await box.write('f.jsonl', '{"a":1}\n');
    const nowhere = { env: {} };
    for (const command of ['check f.jsonl --purpose evals --json', 'push f.jsonl --purpose evals --dry-run --json']) {
      const { exitCode, stderr } = await shell(`oai-upload ${command} >/dev/full`, box, nowhere);
      expect([exitCode, stderr]).toEqual([5, expect.stringContaining('ENOSPC')]);
    }
  });
});

describe.runIf(process.platform === 'linux')('a disk that is full behind a file that is written beside', () => {
  it.each(['--log-file', '--trace'])('costs %s, one warning, and not the upload', async flag => {
    const box = await sandbox();
    const server = await testServer();
    await randomFile(box.path('f'), 640 * KiB);
    const { exitCode, stdout, stderr } = await shell(`${PUSH} ${flag} /dev/full`, box, server);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^file-\w+\n$/);
    expect(stderr.split('warning: ')).toHaveLength(2);
    expect(stderr).toContain('ENOSPC');
    expect(await box.leftovers()).toEqual([]);
  });
});
