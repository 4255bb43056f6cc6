import type { PartChecksum, RunningChecksum } from '../../core/model/checksum.ts';
import type { Part } from '../../core/model/part.ts';

/** Whether a stream holds exactly the bytes whose part digests are given. */
export const sameContent = async (
  content: AsyncIterable<Uint8Array>,
  parts: readonly Part[],
  digests: ReadonlyMap<number, PartChecksum>,
  startChecksum: () => Promise<RunningChecksum>,
): Promise<boolean> => {
  const actual = await digestParts(content, parts, startChecksum);
  return actual !== undefined && parts.every(({ number }) => actual.get(number) === digests.get(number));
};

/** Digest of each part of a stream; nothing where it is longer or shorter than the parts. */
async function digestParts(
  content: AsyncIterable<Uint8Array>,
  parts: readonly Part[],
  startChecksum: () => Promise<RunningChecksum>,
) {
  const digests = new Map<number, PartChecksum>();
  const ahead = [...parts];
  let checksum = await startChecksum();
  let room = ahead[0]?.size ?? 0;
  for await (const chunk of content) {
    for (let rest = chunk; rest.length > 0; ) {
      const part = ahead[0];
      if (!part) return undefined;
      const taken = rest.subarray(0, room);
      checksum.update(taken);
      room -= taken.length;
      rest = rest.subarray(taken.length);
      if (room > 0) continue;
      digests.set(part.number, checksum.digest());
      ahead.shift();
      checksum = await startChecksum();
      room = ahead[0]?.size ?? 0;
    }
  }
  return ahead.length === 0 ? digests : undefined;
}
