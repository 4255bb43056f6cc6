import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type CliResult, type Sandbox, sandbox, startProcess } from '../support/cli.ts';
import { MiB, randomFile, sameBytes } from '../support/files.ts';

const ROOT = join(import.meta.dirname, '../..');

it('works from its tarball, installed into an empty folder', async () => {
  const box = await sandbox();
  const packed = await npm(box, ROOT, 'pack', '--ignore-scripts', '--json', '--pack-destination', box.work);
  const [{ filename, files }] = JSON.parse(packed.stdout);
  const paths: readonly string[] = files.map((file: { path: string }) => file.path);
  expect(paths).toContain('bin/oai-upload.js');
  expect(paths).toContain('dist/main.cjs');
  expect(paths).toContain('LICENSE');
  expect(paths).toContain('man/oai-upload.1');
  expect(paths).toContain('dist/completion/oai-upload.bash');
  expect(paths).toContain('dist/schema/config.schema.json');
  expect(paths).toContain('dist/schema/event.schema.json');
  expect(paths).toContain('dist/schema/result.schema.json');
  expect(paths.filter(path => /^(src|test|node_modules|\.)/.test(path))).toEqual([]);

  await mkdir(box.path('empty'));
  await npm(box, box.path('empty'), 'install', '--prefer-offline', '--no-audit', '--no-fund', box.path(filename));
  const installed = { bin: box.path('empty/node_modules/oai-upload/bin/oai-upload.js') };
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const link = box.path('empty/node_modules/.bin/oai-upload');
  const linked = await startProcess(link, ['--version'], { cwd: box.work, env: box.env }).ended;
  expect(linked).toMatchObject({ exitCode: 0, stdout: `${version}\n` });

  const path = await randomFile(box.path('data.bin'), 20 * MiB);
  const push = ['push', 'data.bin', '--purpose', 'assistants', '--local', '--local-dir', 'kept'];
  const { exitCode, stdout, stderr } = await box.run(push, installed);
  expect(exitCode, stderr).toBe(0);
  expect(await sameBytes(box.path(`kept/files/${stdout.trim()}/data.bin`), path)).toBe(true);
});

/** npm as the surroundings have set it up (registry, cache), but not as part of an `npm test`. */
async function npm({ env: { PATH = '' } }: Sandbox, cwd: string, ...args: readonly string[]): Promise<CliResult> {
  const surroundings = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^npm_(package|lifecycle|config_local_prefix)/.test(name),
  );
  const env = { ...Object.fromEntries(surroundings), PATH } as Record<string, string>;
  const run = await startProcess('npm', args, { cwd, env }).ended;
  expect(run.exitCode, run.stderr).toBe(0);
  return run;
}
