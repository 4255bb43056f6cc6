import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type CliResult, type Sandbox, startProcess } from './cli.ts';

export const ROOT = join(import.meta.dirname, '../..');

/** What would be published: the tarball, and the paths in it. */
export type Packed = { readonly tarball: string; readonly paths: readonly string[] };

/** Packs what is built: build before the tests. */
export async function packed(box: Sandbox): Promise<Packed> {
  const { stdout } = await npm(box, ROOT, 'pack', '--ignore-scripts', '--json', '--pack-destination', box.work);
  const [{ filename, files }] = JSON.parse(stdout);
  return { tarball: box.path(filename), paths: files.map(({ path }: { path: string }) => path) };
}

/** Installs it into an empty folder, as a user would; returns the folder. */
export async function installed(box: Sandbox): Promise<string> {
  const { tarball } = await packed(box);
  const folder = box.path('empty');
  await mkdir(folder);
  await npm(box, folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', tarball);
  return folder;
}

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
