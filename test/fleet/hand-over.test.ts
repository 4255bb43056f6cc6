import { copyFile, readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { sandbox, startProcess } from '../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../support/files.ts';
import { testServer } from '../support/server.ts';
import { commandOnPath } from '../support/shell.ts';
import { isInstalled } from '../support/typing.ts';
import { recipe } from './scene.ts';

const PART = 64 * KiB;
const PARTS = 8;
const HELD = 5;

/** A machine: a home, a state folder and a work folder of its own. */
async function machine(env: Readonly<Record<string, string>>) {
  const box = await sandbox();
  // As on most machines: no XDG_STATE_HOME.
  const { XDG_STATE_HOME: _, ...own } = { ...box.env, ...env, ...(await commandOnPath(box)) };
  const start = (script: string) => startProcess('sh', ['-e', '-c', script], { cwd: box.work, env: own });
  return { box, start, run: (script: string) => start(script).ended };
}

it.skipIf(!isInstalled('jq'))(
  '16.17: an upload that was killed goes on at another machine with its journal',
  async () => {
    const server = await testServer({ faults: [{ endpoint: 'part', part: HELD, do: 'stall' }] });
    const [here, there] = await Promise.all([machine(server.env), machine(server.env)]);
    const file = await randomFile(here.box.path('data.bin'), PARTS * PART);
    const push = `exec oai-upload push data.bin --purpose user_data --part-size ${PART} --concurrency 1 --progress=json`;
    const run = here.start(push);
    await Promise.race([run.event('part.finished', HELD - 1), run.ended]);
    run.kill('SIGKILL');
    expect((await run.ended).signal).toBe('SIGKILL');
    await server.restart();

    const taken = await here.run(recipe('mv "$(grep'));
    expect(taken.exitCode, taken.stderr).toBe(0);
    expect((await here.run('oai-upload list --json')).stdout).toBe('');
    const [journal = 'none'] = (await readdir(here.box.work)).filter(name => name.endsWith('.journal'));
    await copyFile(here.box.path(journal), there.box.path(journal));
    await copyFile(file, there.box.path('data.bin'));

    const given = await there.run(`${recipe('mv ./*.journal')} --json`);
    expect(given.exitCode, given.stderr).toBe(0);
    expect(given.results()).toMatchObject([
      { status: 'completed', parts: { total: PARTS, resumed: HELD - 1, sent: PARTS - HELD + 1 } },
    ]);
    const files = await server.files();
    expect(files).toMatchObject([{ id: given.results()[0]?.['file_id'], filename: 'data.bin' }]);
    expect(await server.md5(files[0]?.['id'])).toBe(await md5OfFile(file));
    expect(server.requests('create')).toHaveLength(1);
    expect((await there.run('oai-upload list --json')).stdout).toBe('');
  },
);
