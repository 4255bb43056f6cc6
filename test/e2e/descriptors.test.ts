import { writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { sandbox } from '../support/cli.ts';
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
