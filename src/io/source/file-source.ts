import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { sourceError } from '../../core/errors/errors.ts';
import type { Fingerprint } from '../../core/model/manifest.ts';
import type { Source } from '../../core/ports.ts';
import { whenFree } from '../read/descriptors.ts';
import type { Arriving, ReadFile } from '../read/file-reader.ts';
import { unreadable } from '../read/source-errors.ts';
import { systemPath, textOfPath } from './path-bytes.ts';

/** No file system's times are coarser (FAT's are 2 s): two changes within that may have the same. */
const COARSEST_TIMES_MS = 2000;

/** A local file, opened once: its descriptor is what is read, digested and compared. */
export const openFileSource = async (path: string, readFile: ReadFile, arriving?: Arriving): Promise<Source> => {
  const file = await openRegularFile(path);
  const realPath = await realPathOf(path).catch(() => path);
  const stats = await file.stat({ bigint: true });
  return {
    path,
    realPath,
    fingerprint: fingerprintOf(stats),
    isAtRest: Date.now() - Math.max(Number(stats.mtimeMs), Number(stats.ctimeMs)) > COARSEST_TIMES_MS,
    arrived: async () => {},
    ...readFile({ file, path, bytes: arriving?.bytes ?? Number(stats.size), arrival: arriving?.arrival }),
    fingerprintNow: async () => ({
      descriptor: fingerprintOf(await file.stat({ bigint: true })),
      path: await fingerprintAt(path),
    }),
  };
};

async function openRegularFile(path: string): Promise<FileHandle> {
  // Looked at before it is opened: opening a FIFO would wait for a writer.
  const stats = await stat(systemPath(path)).catch(error => Promise.reject(unreadable(path, error)));
  if (stats.isDirectory()) throw sourceError('not-a-file', `${path} is a directory`, 'name the files in it', isFolder);
  if (!stats.isFile()) throw sourceError('not-a-file', `${path} is not a regular file`);
  return whenFree(() => open(systemPath(path), 'r')).catch(error =>
    Promise.reject('code' in error ? unreadable(path, error) : error),
  );
}

const isFolder = Object.assign(new Error('it is a directory'), { code: 'EISDIR' });

/** The path without links, if there is such a file. */
export const realPathOf = async (path: string): Promise<string> =>
  path.isWellFormed() ? realpath(path) : textOfPath(await realpath(systemPath(path), { encoding: 'buffer' }));

/** Of what stands at a path now. */
export const fingerprintAt = (path: string): Promise<Fingerprint | undefined> =>
  stat(systemPath(path), { bigint: true }).then(fingerprintOf, () => undefined);

/** Device, inode, size and times in ns: a hint that a file changed. */
export const fingerprintOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): Fingerprint => ({
  dev: String(dev),
  ino: String(ino),
  size: Number(size),
  mtimeNs: String(mtimeNs),
  ctimeNs: String(ctimeNs),
});
