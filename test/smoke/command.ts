import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';
import { npmEnvironment, ROOT } from '../support/packed.ts';

const named = process.env['SMOKE_COMMAND'];

/** Whether another program than that of the tarball is tried: the single-file executable. */
export const IS_EXECUTABLE = named !== undefined;

/** The program that the smoke suite runs. */
export const COMMAND = named === undefined ? fromTarball() : resolve(named);

/** The command of the tarball, installed into an empty folder. */
function fromTarball(): string {
  const folder = mkdtempSync(join(tmpdir(), 'oai-smoke-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const npm = (cwd: string, ...args: readonly string[]): string =>
    execFileSync('npm', args, { cwd, env: npmEnvironment(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const tarball = npm(ROOT, 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder).trim();
  const home = join(folder, 'home');
  mkdirSync(home);
  npm(home, 'install', '--offline', '--no-audit', '--no-fund', join(folder, tarball));
  return join(home, 'node_modules/.bin/oai-upload');
}
