import { type FileHandle, lstat, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { sourceError } from '../../core/errors/errors.ts';
import { MAX_UPLOAD_BYTES } from '../../core/model/limits.ts';
import type { Fingerprint } from '../../core/model/manifest.ts';
import { syncFolder } from '../state/journal-file.ts';
import { isOwn } from '../state/own-file.ts';
import { fingerprintOf } from './file-source.ts';

export type Filling = {
  /** Bytes that it must have, where that is known. */
  readonly size: number | undefined;
  onProgress(received: number): void;
};

/** While it stands the spool is not whole: a run that was killed leaves it behind. */
const markerOf = (path: string): string => `${path}.filling`;

/** Whether it is there, and all of stdin in it. */
export const isWhole = async (path: string): Promise<boolean> =>
  (await isThere(path)) && !(await isThere(markerOf(path)));

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** A new file that is known not to be whole. */
export async function createSpoolFile(path: string): Promise<FileHandle> {
  const marker = await open(markerOf(path), 'wx', 0o600).catch(cannotKeep(dirname(path)));
  await marker.close();
  await syncFolder(dirname(path));
  return open(path, 'wx', 0o600);
}

/** Takes a stream into a new file, whole and on disk once this settles. */
export async function fillFile(
  path: string,
  file: FileHandle,
  input: Readable,
  wish: Filling,
  signal: AbortSignal,
): Promise<Fingerprint> {
  const fingerprint = await takeInto(file, addAbortSignal(signal, input), wish).finally(() => file.close());
  await rm(markerOf(path));
  await syncFolder(dirname(path));
  return fingerprint;
}

async function takeInto(file: FileHandle, input: Readable, wish: Filling): Promise<Fingerprint> {
  const received = await takeAll(file, input, wish);
  if (wish.size !== undefined && received < wish.size) throw otherSize(received, wish.size);
  await file.sync();
  return fingerprintOf(await file.stat({ bigint: true }));
}

async function takeAll(file: FileHandle, input: Readable, { size, onProgress }: Filling): Promise<number> {
  let received = 0;
  for await (const chunk of input as AsyncIterable<Uint8Array>) {
    received += chunk.length;
    if (size !== undefined && received > size) throw otherSize(received, size);
    if (received > MAX_UPLOAD_BYTES)
      throw sourceError('too-large', 'stdin is larger than 8 GiB, the most of one upload');
    await file.appendFile(chunk).catch(cannotKeep('the state folder'));
    onProgress(received);
  }
  return received;
}

/** The marker goes last: what is left after a crash in between is still known not to be whole. */
export const removeSpool = async (path: string): Promise<void> => {
  await removeOwn(path);
  await removeOwn(markerOf(path));
};

/** Whether what is there may be removed: only a regular file of this user is ours. */
export const isSpoolFile = async (path: string): Promise<boolean> => {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isFile() === true && isOwn(stats);
};

const removeOwn = async (path: string): Promise<void> => {
  if (await isSpoolFile(path)) await rm(path, { force: true });
};

export const cannotKeep =
  (where: string) =>
  (error: Error): never => {
    throw sourceError('spool', `stdin cannot be kept in ${where}: ${error.message}`, 'name another --state-dir', error);
  };

const otherSize = (received: number, size: number) =>
  sourceError(
    'size-differs',
    received < size
      ? `stdin ended after ${received} bytes, --size says ${size}`
      : `stdin goes on after the ${size} bytes that --size says`,
    'nothing was completed',
  );
