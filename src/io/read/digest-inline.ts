import { read } from 'node:fs';
import { promisify } from 'node:util';
import type { PartChecksum } from '../../core/model/checksum.ts';
import { bytesOf } from '../../core/model/part.ts';
import type { Pass, PassDigest } from '../../core/ports.ts';
import type { Arrival } from './arrival.ts';
import { type LoadCheck, requirePassing } from './checking.ts';
import { loadChecksums } from './checksum.ts';
import { READ_BYTES, readsOf, startDigest } from './digest-pass.ts';
import { endedEarly } from './source-errors.ts';

/** Up to here a thread costs more than it gains. */
export const INLINE_BYTES = 4 * 1024 * 1024;

const readAt = promisify(read);

/** A pass in this thread. */
export async function digestInline(
  descriptor: number,
  { parts, md5, check: request, checksum, onPart, onProgress }: Pass,
  signal: AbortSignal,
  arrival: Arrival | undefined,
  loadCheck: LoadCheck,
): Promise<PassDigest> {
  const start = await loadChecksums();
  const check = request && (await loadCheck())(request);
  const state = startDigest(() => start(checksum), { md5, check });
  const digests = new Map<number, PartChecksum>();
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  for (const part of parts) {
    await arrival?.reached(part.offset + part.size, signal);
    for (const { position, length } of readsOf(part, buffer.length)) {
      signal.throwIfAborted();
      const { bytesRead } = await readAt(descriptor, buffer, 0, length, position);
      if (bytesRead < length) throw endedEarly('the file', position + bytesRead);
      state.take(buffer.subarray(0, length));
      requirePassing(check, request);
    }
    const digest = state.endPart();
    digests.set(part.number, digest);
    onPart?.(part.number, digest);
  }
  onProgress?.(bytesOf(parts));
  const report = check?.end();
  requirePassing(check, request);
  return { md5: state.md5(), parts: digests, check: report };
}
