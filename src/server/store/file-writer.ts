import { open } from 'node:fs/promises';

const BATCH_BYTES = 512 * 1024;
const BATCH_BUFFERS = 512;

/** Writes a new file in large batches, one on its way while the next is gathered. */
export type FileWriter = {
  written(): number;
  /** Takes the bytes without copying; a promise means: wait, the disk is behind. */
  write(bytes: Buffer): Promise<void> | undefined;
  /** Settles everything and closes; throws what writing threw. */
  close(): Promise<void>;
};

export async function openFileWriter(path: string): Promise<FileWriter> {
  const file = await open(path, 'wx', 0o600);
  let batch: Buffer[] = [];
  let batchBytes = 0;
  let written = 0;
  let underway: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    const [buffers, expected] = [batch, batchBytes];
    batch = [];
    batchBytes = 0;
    await underway;
    underway = file.writev(buffers).then(({ bytesWritten }) => {
      // A disk that is full writes what fits.
      if (bytesWritten !== expected)
        throw Object.assign(new Error(`Only ${bytesWritten} of ${expected} bytes could be written.`), {
          code: 'ENOSPC',
        });
    });
    underway.catch(() => {}); // seen by the next flush, or by close
  }

  return {
    written: () => written,
    write(bytes) {
      written += bytes.length;
      batchBytes += bytes.length;
      batch.push(bytes);
      return batchBytes >= BATCH_BYTES || batch.length >= BATCH_BUFFERS ? flush() : undefined;
    },
    async close() {
      try {
        if (batchBytes > 0) await flush();
        await underway;
      } finally {
        await file.close();
      }
    },
  };
}
