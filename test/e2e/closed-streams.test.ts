import { expect, it } from 'vitest';
import { sandbox } from '../support/cli.ts';
import { KiB, randomFile } from '../support/files.ts';
import { testServer } from '../support/server.ts';
import { shell } from '../support/shell.ts';

const PUSH = 'oai-upload push f --purpose batch --part-size 64KiB';

it.each([
  { name: 'nobody reads stdout', script: `(${PUSH}; echo $? > code) | head -n 0` },
  { name: 'nobody reads its JSON', script: `(${PUSH} --json; echo $? > code) | head -c 0` },
  { name: 'nobody reads stderr', script: `(${PUSH} --progress=json; echo $? > code) 2>&1 >/dev/null | head -n 0` },
  { name: 'stdout is closed', script: `${PUSH} >&-; echo $? > code` },
  { name: 'stderr is closed', script: `${PUSH} 2>&-; echo $? > code` },
  { name: 'stdin is closed', script: `${PUSH} <&-; echo $? > code` },
  { name: 'all are closed', script: `${PUSH} --json --progress=json <&- >&- 2>&-; echo $? > code` },
  { name: 'the disk is full behind both', script: `${PUSH} >/dev/full 2>/dev/full; echo $? > code` },
])('completes though $name', async ({ script }) => {
  const box = await sandbox();
  const server = await testServer();
  await randomFile(box.path('f'), 640 * KiB);
  const { stdout } = await shell(`${script}; cat code`, box, server);
  expect(stdout.trim().split('\n').at(-1)).toBe('0');
  expect(await server.files()).toMatchObject([{ filename: 'f', bytes: 640 * KiB }]);
  expect(await box.leftovers()).toEqual([]);
});
