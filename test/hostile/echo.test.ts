import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sandbox } from '../support/cli.ts';
import { echoForms } from '../support/echo-forms.ts';

const KEY = 'sk-echo-0123456789-abcdef';

/** A server that puts one text into everything that it answers. */
async function echoing(text: string, where: 'message' | 'id' | 'fields' | 'status'): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const reply = (status: number, body: unknown): void => {
        response.writeHead(status, {
          'content-type': 'application/json',
          'x-request-id': text.replace(/[^\x21-\x7e]/g, ''),
        });
        response.end(JSON.stringify(body));
      };
      if (where === 'message')
        return reply(401, { error: { message: `Incorrect API key provided: ${text}`, code: text } });
      const id = where === 'id' ? text : 'upload_1';
      const told = where === 'fields' ? { filename: text, status_details: text, note: { deep: [text] } } : {};
      const file = {
        id: where === 'id' ? text : 'file-1',
        object: 'file',
        bytes: 7,
        created_at: 1,
        purpose: 'user_data',
        ...told,
      };
      if (request.url?.endsWith('/parts'))
        return reply(200, { id: where === 'id' ? text : 'part_1', object: 'upload.part' });
      if (request.url?.endsWith('/complete'))
        return reply(200, { id, object: 'upload', status: 'completed', bytes: 7, file });
      if (request.url?.endsWith('/cancel')) return reply(200, { id, object: 'upload', status: 'cancelled' });
      return reply(200, {
        id,
        object: 'upload',
        status: 'pending',
        bytes: 7,
        expires_at: Math.floor(Date.now() / 1000) + 3600,
        ...told,
      });
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as { readonly port: number }).port}/v1`;
}

async function everythingIn(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const texts = await Promise.all(names.map(name => readFile(join(folder, name), 'utf8').catch(() => '')));
  return `${names.join('\n')}\n${texts.join('\n')}`;
}

const cases = echoForms(KEY).flatMap(({ form, text }) =>
  (['message', 'id', 'fields'] as const).map(where => ({ form, where, text })),
);

it.each(cases)('12.14: the key that a server echoes $form in its $where leaves the process nowhere', async ({
  where,
  text,
}) => {
  const box = await sandbox();
  await box.write('f', 'content');
  const env = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: await echoing(text, where) };
  const flags = ['--json', '-vv', '--log-file', 'log', '--trace', 'trace', '--retries', '0'];
  const run = await box.run(['push', 'f', '--purpose', 'user_data', ...flags], { env });
  expect([0, 4, 6], run.stderr).toContain(run.exitCode);
  expect(run.stderr).not.toMatch(/this is a bug/);
  const out = `${run.stdout}\n${run.stderr}\n${await everythingIn(box.stateDir)}\n${await readFile(box.path('log'), 'utf8')}\n${await readFile(box.path('trace'), 'utf8').catch(() => '')}`;
  for (const { form, text: secret } of echoForms(KEY)) expect(out.includes(secret), form).toBe(false);
});
