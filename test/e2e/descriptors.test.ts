import { writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { sandbox } from '../support/cli.ts';
import { MiB, sparseFile } from '../support/files.ts';
import { testServer } from '../support/server.ts';
import { shell } from '../support/shell.ts';

it.skipIf(process.platform === 'win32')(
  '12.24: 200 files under ulimit -n 64: fewer at the same time, all of them',
  async () => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    const names = Array.from({ length: 200 }, (_, index) => `f-${String(index).padStart(3, '0')}`);
    for (const name of names) await writeFile(box.path(name), `content of ${name}`);
    const run = await shell('ulimit -n 64; oai-upload push f-* --purpose user_data --json', box, server);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr).not.toMatch(/this is a bug|EMFILE/);
    const results = run.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { readonly path: string });
    expect(results.map(({ path }) => path)).toEqual(names);
    expect(await server.files()).toHaveLength(200);
  },
);

it.skipIf(process.platform === 'win32').each(['auto', '64'])(
  '12.24: files that are hashed in threads, of many parts, under ulimit -n 64, --concurrency %s',
  async concurrency => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    const names = Array.from({ length: 16 }, (_, index) => `f-${String(index).padStart(3, '0')}`);
    for (const name of names) await sparseFile(box.path(name), 4.5 * MiB, MiB);
    const flags = `--purpose user_data --part-size 128KiB --concurrency ${concurrency}`;
    const run = await shell(`ulimit -n 64; oai-upload push f-* ${flags}`, box, server);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr).not.toMatch(/this is a bug|EMFILE/);
    const sent = new Map((await server.files()).map(({ id, filename }) => [id, filename]));
    expect(
      run.stdout
        .trim()
        .split('\n')
        .map(id => sent.get(id)),
    ).toEqual(names);
  },
);
