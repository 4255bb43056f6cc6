import { randomFillSync } from 'node:crypto';
import { open, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const BLOCK = 16 * 2 ** 20;

/** Makes the files of a run in its folder, each once. */
export const createFiles = (work: string) => ({
  randomFile: (bytes: number) => once(join(work, `random-${bytes}`), path => fill(path, bytes)),
  sparseFile: (bytes: number) =>
    once(join(work, `sparse-${bytes}`), async path => {
      await writeFile(path, '');
      await truncate(path, bytes);
    }),
});

async function once(path: string, make: (path: string) => Promise<void>): Promise<string> {
  if (!(await stat(path).catch(() => undefined))) await make(path);
  return path;
}

async function fill(path: string, bytes: number): Promise<void> {
  const block = randomFillSync(Buffer.allocUnsafe(Math.min(BLOCK, bytes)));
  const file = await open(path, 'w');
  for (let done = 0; done < bytes; done += block.length) {
    if (bytes > BLOCK) block.writeUInt32LE(done / BLOCK, 0);
    await file.write(block, 0, Math.min(block.length, bytes - done));
  }
  // Or writing it back falls into the first rounds, and to whoever syncs a journal then.
  await file.sync();
  await file.close();
}
