import { randomFillSync } from 'node:crypto';
import { link, mkdir, open, stat, truncate, writeFile } from 'node:fs/promises';
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

/** Bytes of a small file. */
export const SMALL_BYTES = 10_000;

/** Small files of text, all different. */
export async function manyFiles(work: string, count: number): Promise<readonly string[]> {
  const paths = Array.from({ length: count }, (_, index) => join(work, `small-${String(index).padStart(5, '0')}.txt`));
  for (const path of paths)
    await once(path, made => writeFile(made, `${made}\n`.repeat(SMALL_BYTES).slice(0, SMALL_BYTES)));
  return paths;
}

/** Names of one small file. */
export async function manyNames(work: string, count: number): Promise<readonly string[]> {
  const [file = ''] = await manyFiles(work, 1);
  const folder = join(work, 'names');
  await mkdir(folder, { recursive: true });
  // A file may have 65,000 names on ext4: the list names each of them several times.
  const names = Array.from({ length: Math.min(count, 1000) }, (_, index) => join(folder, `name-${index}`));
  for (const name of names) await once(name, made => link(file, made));
  return Array.from({ length: count }, (_, index) => names[index % names.length] ?? file);
}

/** A list for `--files-from`. */
export async function listOf({ work }: { readonly work: string }, paths: readonly string[]): Promise<string> {
  const path = join(work, `list-${paths.length}`);
  await writeFile(path, `${paths.join('\n')}\n`);
  return path;
}
