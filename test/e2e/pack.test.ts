import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sandbox, startProcess } from '../support/cli.ts';
import { MiB, randomFile, sameBytes } from '../support/files.ts';
import { install, packed, ROOT } from '../support/packed.ts';

it('14.8: publishes what is needed and nothing else, in at most 900 kB, source maps aside', async () => {
  const { paths, sizes } = await packed(await sandbox());
  expect(paths).toContain('bin/oai-upload.js');
  expect(paths).toContain('dist/main.cjs');
  expect(paths).toContain('dist/index.js');
  // What the bundler itself adds has no source.
  const programs = paths.filter(path => path.endsWith('.cjs') && !path.startsWith('dist/rolldown-runtime-'));
  for (const program of programs) expect(paths).toContain(`${program}.map`);
  expect(paths).toContain('dist/index.d.ts');
  expect(paths).toContain('LICENSE');
  expect(paths).toContain('THIRD-PARTY-LICENSES.txt');
  expect(paths).toContain('dist/sbom.cdx.json');
  expect(paths).toContain('man/oai-upload.1');
  expect(paths).toContain('dist/completion/oai-upload.bash');
  expect(paths).toContain('dist/schema/config.schema.json');
  expect(paths).toContain('dist/schema/event.schema.json');
  expect(paths).toContain('dist/schema/result.schema.json');
  expect(paths.filter(path => /^(src|test|node_modules|\.)/.test(path))).toEqual([]);
  const bytes = [...sizes].filter(([path]) => !path.endsWith('.map')).reduce((sum, [, size]) => sum + size, 0);
  expect(bytes).toBeLessThanOrEqual(900_000);
});

it('14.8: adds one package without a network or a warning, and works from there', async () => {
  const box = await sandbox();
  const { folder, run } = await install(box);
  expect(run.stdout).toMatch(/^\s*added 1 package in /);
  expect(run.stderr).toBe('');
  const { packages } = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'));
  expect(Object.keys(packages)).toEqual(['', 'node_modules/oai-upload']);
  expect(packages['node_modules/oai-upload']).not.toHaveProperty('hasInstallScript');
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

it('16.1: installed globally, links the command and its manual page', async () => {
  const box = await sandbox();
  const { folder, run } = await install(box, '--global', '--prefix', box.path('prefix'));
  expect(run.stdout).toMatch(/^\s*added 1 package in /);
  expect(await readdir(folder)).toEqual([]);
  const { stdout } = await startProcess(box.path('prefix/bin/oai-upload'), ['--help'], { cwd: box.work, env: box.env })
    .ended;
  expect(stdout).toContain('oai-upload push');
  const manual = await readFile(box.path('prefix/share/man/man1/oai-upload.1'), 'utf8');
  expect(manual === (await readFile(join(ROOT, 'man/oai-upload.1'), 'utf8'))).toBe(true);
});
