import { rm, symlink } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { begun } from '../../support/begun.ts';
import { linesOf, sandbox } from '../../support/cli.ts';
import { testServer } from '../../support/server.ts';

it('16.13: what has lost its file is shown as missing, and cancel --missing cancels just that', async () => {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  const [gone, there] = [await begun(box, server, 'gone.bin'), await begun(box, server, 'there.bin')];
  await rm(box.path('gone.bin'));
  const listed = await box.run(['list'], {});
  expect(linesOf(listed.stdout).filter(line => line.startsWith('missing '))).toHaveLength(1);
  expect(listed.stderr).toBe('hint: a missing file cannot be resumed: oai-upload cancel --missing\n');
  const shown = await box.run(['show', gone], {});
  expect(shown.stdout).toContain(`${gone} (missing)`);
  expect(shown.stderr).toBe(listed.stderr);
  expect((await box.run(['show', there], {})).stderr).toBe('');

  const mistaken = await box.run(['cancel', '--missing', there], { env: server.env });
  expect(mistaken.exitCode).toBe(2);
  const cancelled = await box.run(['cancel', '--missing'], { env: server.env });
  expect([cancelled.exitCode, cancelled.stdout]).toEqual([0, `${gone}\n`]);
  const left = await box.run(['list', '--json'], {});
  expect(left.results()).toMatchObject([{ upload_id: there, state: 'resumable' }]);
  expect((await box.run(['cancel', '--missing'], { env: server.env })).exitCode).toBe(0);
});

it('16.13: a file that merely cannot be looked at is not gone', async () => {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  await begun(box, server, 'loop.bin');
  await rm(box.path('loop.bin'));
  // To follow it is ELOOP, as EACCES or EIO elsewhere: the file may be there again tomorrow.
  await symlink('loop.bin', box.path('loop.bin'));
  const cancelled = await box.run(['cancel', '--missing'], { env: server.env });
  expect([cancelled.exitCode, cancelled.stdout]).toEqual([0, '']);
  expect(server.requests('cancel')).toEqual([]);
  expect(await box.journals()).toHaveLength(1);
});
