import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { sandbox } from '../support/cli.ts';
import { ROOT } from '../support/packed.ts';

/** What a build reads. */
const SOURCES = ['.build.mjs', '.build', 'bin', 'src', 'package.json', 'package-lock.json', 'tsconfig.json', 'LICENSE'];
const PUBLISHED = ['bin', 'dist', 'man', 'THIRD-PARTY-LICENSES.txt'];

it('13.12: gives the same bytes in another folder and at another time', async () => {
  const box = await sandbox();
  const [first, second] = await Promise.all(['one', 'a/deeper/two'].map(name => builtIn(box.path(name))));
  expect(first?.size).toBeGreaterThan(20);
  expect(second).toEqual(first);
});

it('13.12: leaves no folder of the builder in what it publishes', async () => {
  const texts = await filesOf(ROOT, PUBLISHED);
  const guilty = [...texts].filter(([, text]) => text.includes(ROOT)).map(([path]) => path);
  expect(guilty).toEqual([]);
});

/** The digest of each file that a build in this folder makes. */
async function builtIn(folder: string): Promise<ReadonlyMap<string, string>> {
  for (const name of SOURCES) await cp(join(ROOT, name), join(folder, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await promisify(execFile)(process.execPath, ['.build.mjs'], { cwd: folder });
  const texts = await filesOf(folder, PUBLISHED);
  return new Map([...texts].map(([path, text]) => [path, createHash('sha256').update(text, 'latin1').digest('hex')]));
}

/** The text of each file, by its path; of folders, that of every file in them. */
async function filesOf(root: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const below = await Promise.all(names.map(name => pathsBelow(join(root, name))));
  const paths = below.flat().sort();
  return new Map(
    await Promise.all(paths.map(async path => [relative(root, path), await readFile(path, 'latin1')] as const)),
  );
}

async function pathsBelow(path: string): Promise<readonly string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
}
