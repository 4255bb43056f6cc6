import { expect, it } from 'vitest';
import { sandbox } from '../../support/cli.ts';
import { push, type UploadEvent } from '../../support/library.ts';
import { saveUpload } from '../../support/saved.ts';
import { testServer } from '../../support/server.ts';

it('12.15: warns once where the key goes to another machine over plain http', async () => {
  const box = await sandbox();
  for (const name of ['a', 'b']) await box.write(name, 'x');
  // Nothing answers there: it is a name that is never resolved.
  const env = { OPENAI_API_KEY: 'sk-any-0123456789', OPENAI_BASE_URL: 'http://api.invalid/v1' };
  const run = await box.run(['push', 'a', 'b', '--purpose', 'user_data', '--retries', '0'], { env });
  expect(run.stderr.match(/the API key is sent to api\.invalid without encryption/g)).toHaveLength(1);
});

it('12.15: says nothing of it on this machine', async () => {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  await box.write('a', 'x');
  const run = await box.run(['push', 'a', '--purpose', 'user_data'], server);
  expect(run.exitCode).toBe(0);
  expect(run.stderr).not.toMatch(/without encryption/);
});

const URL = 'http://one.invalid/v1';

it.each(['resume', 'cancel'])('12.15: %s of uploads of two projects warns once', async command => {
  const box = await sandbox();
  for (const project of ['one', 'two']) {
    const file = await box.write(project, 'x');
    await saveUpload(box.stateDir, { file, baseUrl: URL, project, partSize: 8, uploadId: `upload_${project}` });
  }
  const env = { OPENAI_API_KEY: 'sk-any-0123456789', OPENAI_BASE_URL: URL };
  const run = await box.run([command, '--all', '--retries', '0'], { env });
  expect(run.exitCode).toBe(5);
  expect(run.stderr.match(/without encryption/g)).toHaveLength(1);
});

it('12.15: the warning is an event too', async () => {
  const box = await sandbox();
  const env = { OPENAI_API_KEY: 'sk-any-0123456789', OPENAI_BASE_URL: URL };
  const flags = ['--purpose', 'user_data', '--retries', '0', '--progress=json'];
  const { events } = await box.run(['push', await box.write('a', 'x'), ...flags], { env });
  expect(events().filter(({ message }) => /without encryption/.test(message))).toMatchObject([{ type: 'note' }]);
});

it('12.15: the library tells of it', async () => {
  const box = await sandbox();
  const told: UploadEvent[] = [];
  const onEvent = (event: UploadEvent): void => void told.push(event);
  const access = { baseUrl: URL, apiKey: 'sk-any-0123456789', stateDir: box.stateDir };
  await push(await box.write('a', 'x'), { purpose: 'user_data', retries: 0, ...access, onEvent }).catch(() => {});
  expect(told.filter(event => 'message' in event && /without encryption/.test(String(event.message)))).toHaveLength(1);
});
