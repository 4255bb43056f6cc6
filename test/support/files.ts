import { createCipheriv, createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

export const KiB = 1024;
export const MiB = 1024 ** 2;
export const GiB = 1024 ** 3;

/** Writes a file of pseudo-random bytes: the same size and seed, the same bytes. Returns its path. */
export async function randomFile(path: string, bytes: number, seed = 'oai-upload'): Promise<string> {
  const file = await open(path, 'w');
  const stream = randomBytes(seed);
  for (let left = bytes; left > 0; left -= CHUNK_BYTES) await file.writeFile(stream(Math.min(left, CHUNK_BYTES)));
  await file.close();
  return path;
}

/** Writes a file that takes next to no disk: holes, and a few random bytes at the start of each `islandEvery`. */
export async function sparseFile(path: string, bytes: number, islandEvery = Number.POSITIVE_INFINITY): Promise<string> {
  const file = await open(path, 'w');
  await file.truncate(bytes);
  const stream = randomBytes('islands');
  for (let at = 0; at < bytes && Number.isFinite(islandEvery); at += islandEvery) {
    const island = stream(Math.min(64, bytes - at));
    await file.write(island, 0, island.length, at);
  }
  await file.close();
  return path;
}

/** Lower-case hex, streamed. */
export const md5OfFile = (path: string): Promise<string> => md5Of(createReadStream(path, { highWaterMark: MiB }));

/** Whether two files hold the same bytes, streamed. */
export async function sameBytes(onePath: string, otherPath: string): Promise<boolean> {
  await using one = await open(onePath);
  await using other = await open(otherPath);
  const [left, right] = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)];
  for (let at = 0; ; ) {
    const [a, b] = await Promise.all([readWhole(one, left, at), readWhole(other, right, at)]);
    if (!a.equals(b)) return false;
    if (a.length === 0) return true;
    at += a.length;
  }
}

// One read may give less than there is.
async function readWhole(file: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  let filled = 0;
  for (let got = -1; got !== 0 && filled < buffer.length; filled += got)
    got = (await file.read(buffer, filled, buffer.length - filled, position + filled)).bytesRead;
  return buffer.subarray(0, filled);
}

export async function md5Of(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('md5');
  await pipeline(bytes, hash);
  return hash.digest('hex');
}

const CHUNK_BYTES = 8 * MiB;

// A cipher over zeros: a gigabyte a second, and the same everywhere.
function randomBytes(seed: string): (bytes: number) => Buffer {
  const cipher = createCipheriv('aes-128-ctr', createHash('md5').update(seed).digest(), Buffer.alloc(16));
  return bytes => cipher.update(Buffer.alloc(bytes));
}
