import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type CliResult, type Sandbox, startProcess } from './cli.ts';

export const ROOT = join(import.meta.dirname, '../..');

/** What would be published: the tarball, the paths in it, and the bytes of each. */
export type Packed = {
  readonly tarball: string;
  readonly paths: readonly string[];
  readonly sizes: ReadonlyMap<string, number>;
};

/** Packs what is built: build before the tests. */
export async function packed(box: Sandbox): Promise<Packed> {
  const { stdout } = await npm(box, ROOT, 'pack', '--ignore-scripts', '--json', '--pack-destination', box.work);
  const [{ filename, files }] = JSON.parse(stdout);
  const sizes = new Map<string, number>(files.map(({ path, size }: { path: string; size: number }) => [path, size]));
  return { tarball: box.path(filename), paths: [...sizes.keys()], sizes };
}

/** Installs it into an empty folder, as a user would, but without a network; returns the folder. */
export const installed = async (box: Sandbox): Promise<string> => (await install(box)).folder;

/** The same, with more flags and what npm says. */
export async function install(
  box: Sandbox,
  ...flags: readonly string[]
): Promise<{ readonly folder: string; readonly run: CliResult }> {
  const { tarball } = await packed(box);
  const folder = box.path('empty');
  await mkdir(folder);
  return { folder, run: await npm(box, folder, 'install', '--offline', '--no-audit', '--no-fund', ...flags, tarball) };
}

/** npm as the surroundings have set it up (registry, cache), but not as part of an `npm test`. */
export const npmEnvironment = (): Record<string, string> => {
  const surroundings = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^npm_(package|lifecycle|config_local_prefix)/.test(name),
  );
  return Object.fromEntries(surroundings) as Record<string, string>;
};

async function npm({ env: { PATH = '' } }: Sandbox, cwd: string, ...args: readonly string[]): Promise<CliResult> {
  const run = await startProcess('npm', args, { cwd, env: { ...npmEnvironment(), PATH } }).ended;
  expect(run.exitCode, run.stderr).toBe(0);
  return run;
}
