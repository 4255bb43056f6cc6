import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a private folder and the ones above it; the first one that was made, if any. A step at a time: Node's own way
 * never ends below /proc.
 */
export const makeFolder = async (path: string): Promise<string | undefined> => {
  const first = await make(path);
  if (first !== 'none above') return first === 'made' ? path : undefined;
  const above = await makeFolder(dirname(path));
  if ((await make(path)) !== 'none above') return above ?? path;
  throw Object.assign(new Error(`ENOENT: the folder ${path} cannot be made`), { code: 'ENOENT' });
};

/** Does what needs a folder, which is made where it is not there yet: a look before each effect would cost more. */
export const inFolder = async <T>(folder: string, effect: () => Promise<T>): Promise<T> => {
  try {
    return await effect();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await makeFolder(folder);
    return effect();
  }
};

const make = async (path: string): Promise<'made' | 'there' | 'none above'> => {
  try {
    await mkdir(path, { mode: 0o700 });
    return 'made';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return 'there';
    if (code === 'ENOENT' && dirname(path) !== path) return 'none above';
    throw error;
  }
};
