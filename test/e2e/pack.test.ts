import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sandbox, startProcess } from '../support/cli.ts';
import { MiB, randomFile, sameBytes } from '../support/files.ts';
import { installed, packed, ROOT } from '../support/packed.ts';

it('publishes what is needed, and nothing else', async () => {
  const { paths } = await packed(await sandbox());
  expect(paths).toContain('bin/oai-upload.js');
  expect(paths).toContain('dist/main.js');
  expect(paths).toContain('dist/index.js');
  for (const module of paths.filter(path => path.endsWith('.js') && path.startsWith('dist/')))
    expect(paths).toContain(`${module}.map`);
  expect(paths).toContain('dist/index.d.ts');
  expect(paths).toContain('LICENSE');
  expect(paths).toContain('man/oai-upload.1');
  expect(paths).toContain('dist/completion/oai-upload.bash');
  expect(paths).toContain('dist/schema/config.schema.json');
  expect(paths).toContain('dist/schema/event.schema.json');
  expect(paths).toContain('dist/schema/result.schema.json');
  expect(paths.filter(path => /^(src|test|node_modules|\.)/.test(path))).toEqual([]);
});

it('works from its tarball, installed into an empty folder', async () => {
  const box = await sandbox();
  const folder = await installed(box);
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const link = join(folder, 'node_modules/.bin/oai-upload');
  const linked = await startProcess(link, ['--version'], { cwd: box.work, env: box.env }).ended;
  expect(linked).toMatchObject({ exitCode: 0, stdout: `${version}\n` });

  const path = await randomFile(box.path('data.bin'), 20 * MiB);
  const push = ['push', 'data.bin', '--purpose', 'assistants', '--local', '--local-dir', 'kept'];
  const bin = join(folder, 'node_modules/oai-upload/bin/oai-upload.js');
  const { exitCode, stdout, stderr } = await box.run(push, { bin });
  expect(exitCode, stderr).toBe(0);
  expect(await sameBytes(box.path(`kept/files/${stdout.trim()}/data.bin`), path)).toBe(true);
});
