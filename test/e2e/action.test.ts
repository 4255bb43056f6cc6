import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { BIN, type Sandbox, sandbox, startProcess } from '../support/cli.ts';
import { ROOT } from '../support/packed.ts';
import { type TestServer, testServer } from '../support/server.ts';

const FOLDER = join(ROOT, '.github/actions/push');

/** Runs the action's script as the runner does: inputs and files of the runner as variables, a step's output to a file. */
async function step(box: Sandbox, server: TestServer, inputs: Readonly<Record<string, string>>) {
  await mkdir(box.path('bin'), { recursive: true });
  await writeFile(box.path('bin/oai-upload'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`, { mode: 0o755 });
  const env = {
    ...box.env,
    ...server.env,
    ...inputs,
    PATH: `${box.path('bin')}:${box.env['PATH']}`,
    GITHUB_ACTIONS: 'true',
    GITHUB_OUTPUT: box.path('output'),
    GITHUB_STEP_SUMMARY: box.path('summary'),
    OAI_UPLOAD_STATE_DIR: box.path('temp/oai-upload'),
  };
  const run = await startProcess(join(FOLDER, 'push.sh'), [], { cwd: box.work, env }).ended;
  return { ...run, output: await readFile(box.path('output'), 'utf8').catch(() => '') };
}

it.skipIf(process.platform === 'win32')(
  '16.3: pushes paths and patterns, and tells the next step the ids',
  async () => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    for (const name of ['one.pdf', '-n', 'parts/a b.pdf', 'parts/c.pdf', 'x$(touch pwned).pdf']) {
      await mkdir(box.path('parts'), { recursive: true });
      await box.write(name, name);
    }
    const files = 'one.pdf\n-n\nparts/*.pdf\n\nx$(touch pwned).pdf\n';
    const inputs = {
      INPUT_FILES: files,
      INPUT_PURPOSE: 'assistants',
      INPUT_EXPIRES_AFTER: '2h',
      INPUT_ARGS: '--no-md5\n',
    };
    const run = await step(box, server, inputs);
    expect(run.exitCode, run.stderr).toBe(0);
    const ids = run.stdout.trim().split('\n');
    expect(ids).toHaveLength(5);
    expect(run.output).toContain(`file_id=${ids[0]}\n`);
    for (const id of ids) expect(run.output).toContain(id);
    const names = (await server.files()).map(file => file['filename']);
    expect(names.sort()).toEqual(['-n', 'a b.pdf', 'c.pdf', 'one.pdf', 'x$(touch pwned).pdf']);
    await expect(readFile(box.path('pwned'))).rejects.toThrow();
  },
);

it.skipIf(process.platform === 'win32')('16.3: a file that is not there fails the step', async () => {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  const run = await step(box, server, { INPUT_FILES: 'gone/*.pdf', INPUT_PURPOSE: 'assistants' });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toContain('gone/*.pdf does not exist');
});

it('16.3: puts no input into a script, and keeps the state folder of a failed run', async () => {
  const action = parse(await readFile(join(FOLDER, 'action.yml'), 'utf8'));
  for (const { run = '' } of action.runs.steps) expect(run).not.toMatch(/\$\{\{/);
  const [restore, push, save] = action.runs.steps;
  expect(restore.with.path).toBe(push.env.OAI_UPLOAD_STATE_DIR);
  expect(save).toMatchObject({
    if: expect.stringContaining('!success()'),
    with: { path: restore.with.path, key: restore.with.key },
  });
  expect(Object.keys(action.inputs)).toEqual(['files', 'purpose', 'expires-after', 'args', 'version']);
  expect(Object.keys(action.outputs)).toEqual(['file_id', 'file_ids']);
});
