import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { isOwn } from './own-file.ts';

/** A socket's path is cut off silently at 107 bytes; its name needs 31 of them and a separator. */
const LONGEST_FOLDER = 75;

/**
 * Folders where the locks of a state folder may be, the first one first: its own, a private one among the temporary
 * files, one in the runtime folder. Every run of a user finds the same.
 */
export const lockPlaces = (folder: string): readonly string[] => {
  const name = `oai-upload-${process.getuid?.() ?? 0}-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`;
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const all = [folder, join(tmpdir(), name), ...(runtime ? [join(runtime, name)] : [])];
  return process.platform === 'win32' ? [folder] : all.filter(place => Buffer.byteLength(place) <= LONGEST_FOLDER);
};

/** Makes the folder, or throws why locks cannot be there: others might hold them, or take them away. */
export const requirePrivate = async (place: string): Promise<void> => {
  await makeFolder(place);
  if (process.platform === 'win32') return;
  const stats = await lstat(place);
  if (!stats.isDirectory()) throw new Error(`${place} is not a folder`);
  if (!isOwn(stats)) throw new Error(`${place} belongs to another user`);
  if ((stats.mode & 0o077) !== 0) throw new Error(`${place} is open to other users`);
  await access(place, constants.W_OK | constants.X_OK);
};
