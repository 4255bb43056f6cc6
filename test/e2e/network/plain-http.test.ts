import { expect, it } from 'vitest';
import { sandbox } from '../../support/cli.ts';
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
