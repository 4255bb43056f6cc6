import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { sourceError } from '../core/errors.ts';
import type { Fingerprint } from '../core/manifest.ts';
import type { Part } from '../core/part.ts';
import type { Pass, PassDigest, Source } from '../core/ports.ts';
import type { Arrival } from './arrival.ts';

/** One read. Larger reads gain nothing on the wire and cost memory. */
const READ_BYTES = 512 * 1024;

/** No file system's times are coarser (FAT's are 2 s): two changes within that may have the same. */
const COARSEST_TIMES_MS = 2000;

/** Digests passes over open descriptors, wherever that runs best. */
export type Digester = {
  /** Starts what a pass over so many bytes, with an md5, will need: threads take a while. */
  prepare(bytes: number): void;
  /** Waits for what still arrives. */
  digest(descriptor: number, pass: Pass, signal: AbortSignal, arrival?: Arrival): Promise<PassDigest>;
  /** Ends what was prepared and not needed. */
  close(): void;
};

/** For whoever opens files and digests none. */
export const noDigester: Digester = {
  prepare: () => {},
  digest: () => Promise.reject(new Error('no digest was expected')),
  close: () => {},
};

/** A local file, opened once: its descriptor is what is read, digested and compared. */
export const openFileSource = async (path: string, digester: Digester, arrival?: Arrival): Promise<Source> => {
  const file = await openRegularFile(path);
  const realPath = await realpath(path).catch(() => path);
  const buffers: Buffer[] = [];
  const stats = await file.stat({ bigint: true });
  return {
    path,
    realPath,
    fingerprint: fingerprintOf(stats),
    isAtRest: Date.now() - Math.max(Number(stats.mtimeMs), Number(stats.ctimeMs)) > COARSEST_TIMES_MS,
    arrived: async () => {},
    read: part => readRange(file, part, path, buffers),
    prepareDigest: () => digester.prepare(Number(stats.size)),
    digest: (pass, signal) => digester.digest(file.fd, pass, signal, arrival),
    fingerprintNow: async () => ({
      descriptor: fingerprintOf(await file.stat({ bigint: true })),
      path: await stat(path, { bigint: true }).then(fingerprintOf, () => undefined),
    }),
    close: () => file.close(),
  };
};

async function openRegularFile(path: string): Promise<FileHandle> {
  // Looked at before it is opened: opening a FIFO would wait for a writer.
  const stats = await stat(path).catch(error => Promise.reject(unreadable(path, error)));
  if (stats.isDirectory()) throw sourceError('not-a-file', `${path} is a directory`, 'name the files in it');
  if (!stats.isFile()) throw sourceError('not-a-file', `${path} is not a regular file`);
  return open(path, 'r').catch(error => Promise.reject(unreadable(path, error)));
}

function unreadable(path: string, error: NodeJS.ErrnoException) {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    return sourceError('not-found', `${path} does not exist`, undefined, error);
  if (error.code === 'EACCES' || error.code === 'EPERM')
    return sourceError('unreadable', `${path} cannot be read: permission denied`, undefined, error);
  return sourceError('unreadable', `${path} cannot be read: ${error.message}`, undefined, error);
}

/** Device, inode, size and times in ns: a hint that a file changed. */
export const fingerprintOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): Fingerprint => ({
  dev: String(dev),
  ino: String(ino),
  size: Number(size),
  mtimeNs: String(mtimeNs),
  ctimeNs: String(ctimeNs),
});

/**
 * One buffer serves the whole range: whoever asks for the next chunk has handed the last one to the kernel. Another range
 * gets it after that; a range that was given up keeps its own, for a read or a write may still be under way.
 */
async function* readRange(
  file: FileHandle,
  { offset, size }: Part,
  path: string,
  idle: Buffer[],
): AsyncGenerator<Uint8Array> {
  const wanted = Math.min(READ_BYTES, size);
  const fitting = idle.findIndex(({ length }) => length >= wanted);
  const buffer = idle.splice(fitting, fitting < 0 ? 0 : 1)[0] ?? Buffer.allocUnsafeSlow(wanted);
  for (let position = offset, end = offset + size; position < end; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - position), position);
    if (bytesRead === 0) throw endedEarly(path, position);
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
  idle.push(buffer);
}

/** The file got shorter under the run. */
export const endedEarly = (path: string, position: number) =>
  sourceError(
    'changed-while-sent',
    `${path} ends at byte ${position} now: it got shorter while it was sent`,
    'run the same command again when the file is at rest',
  );
