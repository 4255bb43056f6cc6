import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { linesOf, type Sandbox, sandbox } from '../../support/cli.ts';
import { KiB, randomFile } from '../../support/files.ts';
import { saveUpload } from '../../support/saved.ts';
import { type TestServer, testServer } from '../../support/server.ts';

/** Two uploads that were begun and saved; the file of the first is gone. */
async function oneOfTwoGone(box: Sandbox, server: TestServer): Promise<readonly [gone: string, there: string]> {
  const ids: string[] = [];
  for (const name of ['gone.bin', 'there.bin']) {
    const file = await randomFile(box.path(name), 64 * KiB, name);
    const reply = await fetch(`${server.url}/uploads`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.env.OPENAI_API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ filename: name, purpose: 'assistants', bytes: 64 * KiB, mime_type: 'text/plain' }),
    });
    const { id } = (await reply.json()) as { id: string };
    await saveUpload(box.stateDir, { file, baseUrl: server.url, partSize: 64 * KiB, uploadId: id });
    ids.push(id);
  }
  await rm(box.path('gone.bin'));
  return ids as unknown as readonly [string, string];
}

it('16.13: what has lost its file is shown as missing, and cancel --missing cancels just that', async () => {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  const [gone, there] = await oneOfTwoGone(box, server);
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
