import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Sandbox, sandbox } from '../support/cli.ts';

/** Node keeps what it compiled since 22.1. */
const hasCompileCache = Number.parseInt(process.versions.node, 10) >= 22;
const cacheOf = ({ env }: Sandbox): string => join(env['HOME'] ?? '', '.cache/oai-upload');
const below = (folder: string): Promise<readonly string[]> => readdir(folder, { recursive: true }).catch(() => []);

it.skipIf(!hasCompileCache)(
  '13.11: keeps compiled code in a private folder of its user, and nowhere else',
  async () => {
    const box = await sandbox();
    expect((await box.run(['--version'])).exitCode).toBe(0);
    expect((await stat(cacheOf(box))).mode & 0o777).toBe(0o700);
    expect((await below(cacheOf(box))).length).toBeGreaterThan(1);
    expect((await readdir(box.dir)).sort()).toEqual(['files', 'home']);
  },
);

it('13.11: keeps none where Node is told not to, or where others could change it', async () => {
  const box = await sandbox();
  const env = { NODE_DISABLE_COMPILE_CACHE: '1' };
  expect((await box.run(['--version'], { env })).exitCode).toBe(0);
  expect(await below(cacheOf(box))).toEqual([]);
  await mkdir(cacheOf(box), { recursive: true });
  await chmod(cacheOf(box), 0o777);
  expect(await box.run(['--version'])).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await below(cacheOf(box))).toEqual([]);
});
