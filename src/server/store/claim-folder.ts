import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../../core/errors/errors.ts';
import { isId } from './ids.ts';

/** The file that says that a folder is ours, and what it holds. */
export const MARKER = '.oai-upload-server';
const MARKER_TEXT = 'Folder of the embedded server of oai-upload, version 1.\n';

/**
 * Makes the folder of a server, or accepts one that a server made before. A folder that holds anything else is refused:
 * the server removes files in its folder.
 */
export async function claimFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch(error => {
    throw usageError(
      `the folder ${dir} cannot be made: ${error.message}`,
      'name another folder with --dir or --local-dir',
    );
  });
  const names = await readdir(dir).catch(error => {
    throw usageError(
      `the folder ${dir} cannot be read: ${error.message}`,
      'name another folder with --dir or --local-dir',
    );
  });
  if (names.includes(MARKER)) return requireMarker(dir);
  if (names.length > 0 && !(await isOfEarlierVersion(dir, names))) throw notOurs(dir);
  await writeFile(join(dir, MARKER), MARKER_TEXT, { flag: 'wx', mode: 0o600 }).catch(error => {
    // Another server made it at the same time.
    if (error.code !== 'EEXIST') throw usageError(`the folder ${dir} cannot be written to: ${error.message}`);
  });
}

async function requireMarker(dir: string): Promise<void> {
  const path = join(dir, MARKER);
  const stats = await lstat(path);
  const isOwn = process.getuid === undefined || stats.uid === process.getuid();
  if (
    !stats.isFile() ||
    !isOwn ||
    stats.size > 1024 ||
    !(await readFile(path, 'utf8')).startsWith('Folder of the embedded server')
  )
    throw notOurs(dir);
}

/** Earlier versions left no marker: only `uploads` and `files`, with nothing but our own ids inside. */
async function isOfEarlierVersion(dir: string, names: readonly string[]): Promise<boolean> {
  if (names.some(name => name !== 'uploads' && name !== 'files')) return false;
  const [uploads, files] = await Promise.all(
    ['uploads', 'files'].map(name => readdir(join(dir, name)).catch(() => [])),
  );
  return (
    (uploads ?? []).every(name => isId('upload_', name)) &&
    (files ?? []).every(name => isId('file-', name) || STAGED.test(name))
  );
}

/** A File on its way. */
export const STAGED = /^\.req_[0-9a-f]{32}$/;

const notOurs = (dir: string) =>
  usageError(
    `the folder ${dir} is not empty and was not made by oai-upload: nothing was changed in it`,
    'name an empty folder, or one that does not exist yet',
  );
