import { randomBytes } from 'node:crypto';
import { open, rm, rmdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from './make-folder.ts';

/** Whether a folder can be written, and what is free there. Leaves nothing behind, not even the folder. */
export const probeFolder = async (
  path: string,
): Promise<{ readonly path: string; readonly freeBytes: number | undefined }> => {
  const made = await makeFolder(path);
  try {
    await writeAndRemove(join(path, `.doctor-${randomBytes(6).toString('hex')}`));
    const freeBytes = await statfs(path).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => undefined,
    );
    return { path, freeBytes };
  } finally {
    if (made !== undefined) await removeEmpty(path, made);
  }
};

async function writeAndRemove(path: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile('oai-upload');
      await file.datasync();
    } finally {
      await file.close();
    }
  } finally {
    await rm(path, { force: true });
  }
}

/** From the folder up to the first one that was made; what somebody else meanwhile uses stays. */
async function removeEmpty(path: string, first: string): Promise<void> {
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) {
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}
