/** What the bytes of a part are checked by: CRC-32 (as zlib's, 8 hex digits) or XXH64 (seed 0, 16 hex digits). */
export const checksumKinds = ['crc32', 'xxh64'] as const;
export type ChecksumKind = (typeof checksumKinds)[number];

/** The checksum of one part, lower-case hex. Those of two kinds are never equal. */
export type PartChecksum = string;

/** A checksum on its way. */
export type RunningChecksum = {
  update(bytes: Uint8Array): void;
  /** Of all bytes so far. */
  digest(): PartChecksum;
};
