import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type Sandbox, sandbox } from '../support/cli.ts';
import { type TestServer, testServer } from '../support/server.ts';

it('tells a step what came of it', async () => {
  const { box, env, server } = await scene();
  const run = await box.run(['push', 'a', '--purpose', 'assistants', '--github-output'], { env });
  expect(run.exitCode, run.stderr).toBe(0);
  const [file] = await server.files();
  expect(run.stdout).toBe(`${file?.['id']}\n`);
  const output = await readFile(env.GITHUB_OUTPUT, 'utf8');
  expect(output).toMatch(
    /^file_id=(file-\w+)\nupload_id=upload_\w+\nbytes=1\nmd5=\w{32}\nstatus=completed\nfile_ids=\["\1"\]\n$/,
  );
  expect(await readFile(env.GITHUB_STEP_SUMMARY, 'utf8')).toMatch(/\| a \| completed \| file-\w+ \| 1 B \| \w{32} \|/);
});

it('annotates each file that failed, on stderr', async () => {
  const { box, env } = await scene();
  const run = await box.run(['push', 'no,t', 'a', 'gone', '--purpose', 'assistants', '--github-output', '-q'], { env });
  expect(run.exitCode).toBe(3);
  expect(run.stdout).toMatch(/^file-\w+\n$/);
  expect(run.stderr.match(/^::error .*$/gm)).toEqual([
    '::error file=no%2Ct,title=oai-upload%3A SOURCE::no,t does not exist',
    '::error file=gone,title=oai-upload%3A SOURCE::gone does not exist',
  ]);
  expect(await readFile(env.GITHUB_OUTPUT, 'utf8')).toMatch(/status=failed\nfile_ids=\[null,"file-\w+",null\]\n$/);
});

it('leaves stderr to the events', async () => {
  const { box, env } = await scene();
  const run = await box.run(['push', 'gone', '--purpose', 'assistants', '--github-output', '--progress=json'], { env });
  expect(run.exitCode).toBe(3);
  expect(run.events().map(({ type }) => type)).toContain('error');
});

it.each(['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'])('needs %s, and a file that can be written to', async name => {
  const { box, env, server } = await scene();
  const args = ['push', 'a', '--purpose', 'assistants', '--github-output'];
  const without = await box.run(args, { env: { ...env, [name]: '' } });
  expect(without).toMatchObject({ exitCode: 2, stdout: '' });
  expect(without.stderr).toContain(`--github-output needs ${name}`);
  const unwritable = await box.run(args, { env: { ...env, [name]: box.path('no/such/folder') } });
  expect(unwritable).toMatchObject({ exitCode: 2, stdout: '' });
  expect(unwritable.stderr).toContain(`${name} cannot be written to`);
  expect(server.logs).toEqual([]);
});

async function scene(): Promise<{
  readonly box: Sandbox;
  readonly server: TestServer;
  readonly env: Readonly<Record<'GITHUB_OUTPUT' | 'GITHUB_STEP_SUMMARY', string>>;
}> {
  const box = await sandbox();
  const server = await testServer();
  await box.write('a', 'a');
  const files = { GITHUB_OUTPUT: box.path('output'), GITHUB_STEP_SUMMARY: box.path('summary') };
  return { box, server, env: { ...server.env, ...files } };
}
