import { crc32 } from 'node:zlib';
import type { ChecksumKind, RunningChecksum } from '../../core/model/checksum.ts';

/** Starts a checksum of either kind. `xxh64` throws where WebAssembly is off. */
export type StartChecksum = (kind: ChecksumKind) => RunningChecksum;

/**
 * XXH64 by WebAssembly is more than twice as fast as zlib's CRC-32 and has twice as many bits. Where WebAssembly is off
 * (`node --jitless`), CRC-32 does.
 */
export const preferredChecksum: ChecksumKind = 'WebAssembly' in globalThis ? 'xxh64' : 'crc32';

let loading: Promise<StartChecksum> | undefined;

/** Loads the checksums once for this thread. */
export const loadChecksums = (): Promise<StartChecksum> => {
  loading ??= load();
  return loading;
};

async function load(): Promise<StartChecksum> {
  if (preferredChecksum === 'crc32') return kind => (kind === 'crc32' ? startCrc32() : noWebAssembly());
  const { default: xxhash } = await import('xxhash-wasm');
  const { create64 } = await xxhash();
  return kind => {
    if (kind === 'crc32') return startCrc32();
    const hash = create64();
    return { update: bytes => void hash.update(bytes), digest: () => hash.digest().toString(16).padStart(16, '0') };
  };
}

function startCrc32(): RunningChecksum {
  let value = 0;
  return {
    update: bytes => {
      value = crc32(bytes, value);
    },
    digest: () => value.toString(16).padStart(8, '0'),
  };
}

const noWebAssembly = (): never => {
  throw new Error('XXH64 needs WebAssembly');
};
