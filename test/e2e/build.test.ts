import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { sandbox } from '../support/cli.ts';
import { ROOT } from '../support/packed.ts';

/** What a build reads. */
const SOURCES = ['.build.mjs', 'bin', 'src', 'package.json', 'package-lock.json', 'tsconfig.json', 'LICENSE'];

it('13.12: gives the same bytes in another folder and at another time', async () => {
  const box = await sandbox();
  const [first, second] = await Promise.all(['one', 'a/deeper/two'].map(name => builtIn(box.path(name))));
  expect(first?.size).toBeGreaterThan(20);
  expect(second).toEqual(first);
});

it('13.12: leaves no folder of the builder in what it publishes', async () => {
  const texts = await filesOf(ROOT, ['bin', 'dist', 'man']);
  const guilty = [...texts].filter(([, text]) => text.includes(ROOT)).map(([path]) => path);
  expect(guilty).toEqual([]);
});

/** The digest of each file that a build in this folder makes. */
async function builtIn(folder: string): Promise<ReadonlyMap<string, string>> {
  for (const name of SOURCES) await cp(join(ROOT, name), join(folder, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await promisify(execFile)(process.execPath, ['.build.mjs'], { cwd: folder });
  const texts = await filesOf(folder, ['dist', 'man']);
  return new Map([...texts].map(([path, text]) => [path, createHash('sha256').update(text, 'latin1').digest('hex')]));
}

async function filesOf(root: string, folders: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) texts.set(path.slice(root.length + 1), await readFile(path, 'latin1'));
    }
  }
  return new Map([...texts].sort());
}
