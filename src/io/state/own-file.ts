import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, unlink } from 'node:fs/promises';

import { whenFree } from '../read/descriptors.ts';

// Whatever lies in a folder may have been put there by somebody else: a link, a pipe, another user's file.

const { O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** What stands at a path is not a file of ours. `code` is `EFOREIGN`. */
export class ForeignFile extends Error {
  override readonly name = 'ForeignFile';
  readonly code = 'EFOREIGN';
}

/** This user's, where the system knows users. */
export const isOwn = ({ uid }: Pick<Stats, 'uid'>): boolean => process.getuid === undefined || uid === process.getuid();

/**
 * Opens a file that only we make: a regular file of this user. A link is not followed and a pipe does not block.
 * Rejects with `ForeignFile` where it is anything else.
 */
export const openOwn = (path: string, flags: number): Promise<FileHandle> =>
  opened(path, flags | O_NOFOLLOW | O_NONBLOCK, stats => {
    if (!stats.isFile()) return 'it is not a regular file';
    return isOwn(stats) ? undefined : 'it belongs to another user';
  });

/** Makes a file where nothing is; rejects with `EEXIST` where something is, a link too. */
export const makeOwn = (path: string, flags = 0): Promise<FileHandle> =>
  whenFree(() => open(path, O_WRONLY | O_CREAT | O_EXCL | flags, 0o600));

/** An opened file that was made ready; closed again where that fails. */
export const whenReady = async (
  opening: Promise<FileHandle>,
  ready: (file: FileHandle) => Promise<unknown>,
): Promise<FileHandle> => {
  const file = await opening;
  try {
    await ready(file);
    return file;
  } catch (error) {
    await file.close().catch(() => {});
    throw error;
  }
};

/** All of a file of ours, up to so many bytes. */
export const readOwn = async (path: string, maxBytes: number): Promise<Buffer> =>
  readWhole(await openOwn(path, O_RDONLY), maxBytes, path);

/**
 * Opens a file that the user names. Links are followed where they are this user's or root's: Kubernetes mounts secrets
 * as links. Rejects with `ForeignFile` where the file is not a regular one: a pipe would keep everybody waiting.
 */
export const openNamed = async (path: string, flags: number): Promise<FileHandle> => {
  const stats = await lstat(path).catch(() => undefined);
  if (stats?.isSymbolicLink() && stats.uid !== 0 && !isOwn(stats))
    throw new ForeignFile('it is a link that belongs to another user');
  // A device can be written to: a terminal, or nothing at all.
  const isWritten = (flags & (O_WRONLY | O_RDWR)) !== 0;
  return opened(path, flags | O_NONBLOCK, found =>
    found.isFile() || (isWritten && found.isCharacterDevice()) ? undefined : 'it is not a regular file',
  );
};

/** The text of a file that the user names, of at most so many bytes. */
export const readNamed = async (path: string, maxBytes: number): Promise<string> =>
  (await readWhole(await openNamed(path, O_RDONLY), maxBytes, path)).toString('utf8');

/** Removes what is this user's and of the right kind; whether it did. */
export const removeOwn = async (path: string, isRight: (stats: Stats) => boolean): Promise<boolean> => {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats || !isOwn(stats) || !isRight(stats)) return false;
  return await unlink(path).then(
    () => true,
    () => false,
  );
};

/** No run takes so long, and no two clocks differ so much. */
const OLD_MS = 7 * 24 * 3_600_000;

/** The same, of what another machine may have left a week ago. */
export const removeIfOld = (path: string, isRight: (stats: Stats) => boolean): Promise<boolean> =>
  removeOwn(path, stats => isRight(stats) && Date.now() - stats.mtimeMs > OLD_MS);

async function opened(path: string, flags: number, refusal: (stats: Stats) => string | undefined): Promise<FileHandle> {
  const opening = whenFree(() => open(path, flags, 0o600)).catch(error => {
    // What O_NOFOLLOW says of a link, and O_NONBLOCK of a pipe without a reader.
    throw error.code === 'ELOOP' || error.code === 'ENXIO' ? new ForeignFile('it is not a regular file') : error;
  });
  return whenReady(opening, async file => {
    const why = refusal(await file.stat());
    if (why !== undefined) throw new ForeignFile(why);
  });
}

async function readWhole(file: FileHandle, maxBytes: number, path: string): Promise<Buffer> {
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw new ForeignFile(`${path} has ${size} bytes, more than ${maxBytes}`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}
