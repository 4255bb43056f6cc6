import { type Part, type PartDigest, partDigest } from '../../core/model/part.ts';
import type { Checksum } from '../../core/ports.ts';

/** Whether a stream holds exactly the bytes whose part digests are given. */
export const sameContent = async (
  content: AsyncIterable<Uint8Array>,
  parts: readonly Part[],
  digests: ReadonlyMap<number, PartDigest>,
  checksum: Checksum,
): Promise<boolean> => {
  const actual = await digestParts(content, parts, checksum);
  return actual !== undefined && parts.every(({ number }) => actual.get(number) === digests.get(number));
};

/** Digest of each part of a stream; nothing where it is longer or shorter than the parts. */
async function digestParts(content: AsyncIterable<Uint8Array>, parts: readonly Part[], checksum: Checksum) {
  const digests = new Map<number, PartDigest>();
  const ahead = [...parts];
  let value = 0;
  let room = ahead[0]?.size ?? 0;
  for await (const chunk of content) {
    for (let rest = chunk; rest.length > 0; ) {
      const part = ahead[0];
      if (!part) return undefined;
      const taken = rest.subarray(0, room);
      value = checksum(taken, value);
      room -= taken.length;
      rest = rest.subarray(taken.length);
      if (room > 0) continue;
      digests.set(part.number, partDigest(value));
      ahead.shift();
      value = 0;
      room = ahead[0]?.size ?? 0;
    }
  }
  return ahead.length === 0 ? digests : undefined;
}
