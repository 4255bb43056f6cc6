import { createHash } from 'node:crypto';
import type { RunningCheck } from '../../core/model/check.ts';
import type { PartChecksum, RunningChecksum } from '../../core/model/checksum.ts';
import type { Part } from '../../core/model/part.ts';

/**
 * One read of a pass. What it reads is used at once, so it should fit into a core's second cache (512 KiB and more) beside
 * the file's own pages: from 256 KiB on a read takes three to four times as long, on an EPYC with 512 KiB.
 */
export const READ_BYTES = 128 * 1024;

/** Bytes in order, a part at a time, and what is to be made of them. */
export type DigestState = {
  take(bytes: Uint8Array): void;
  endPart(): PartChecksum;
  /** Lower-case hex of everything taken; undefined without an md5. */
  md5(): string | undefined;
};

/** A checksum for each part, md5 for the whole: md5 alone takes one core, so the pass carries little else. */
export const startDigest = (
  startChecksum: () => RunningChecksum,
  { md5, check }: { readonly md5: boolean; readonly check?: RunningCheck | undefined },
): DigestState => {
  const whole = md5 ? createHash('md5') : undefined;
  let checksum = startChecksum();
  return {
    take: bytes => {
      whole?.update(bytes);
      checksum.update(bytes);
      check?.write(bytes);
    },
    endPart: () => {
      const digest = checksum.digest();
      checksum = startChecksum();
      return digest;
    },
    md5: () => whole?.digest('hex'),
  };
};

/** The reads that cover a part, in order. */
export function* readsOf(
  { offset, size }: Part,
  readBytes: number,
): Generator<{ readonly position: number; readonly length: number }> {
  for (let done = 0; done < size; done += readBytes)
    yield { position: offset + done, length: Math.min(readBytes, size - done) };
}
