import type { ByteRange } from '../core/model/byte-range.ts';
import type { Part } from '../core/model/part.ts';
import type { Source } from '../core/ports.ts';

/** A range of a source as a source of its own: parts count from its start. Its fingerprint is that of the whole file. */
export const rangeOf = (source: Source, range: ByteRange | undefined): Source => {
  if (!range) return source;
  const shifted = <T extends Pick<Part, 'offset'>>(part: T): T => ({ ...part, offset: part.offset + range.start });
  return {
    ...source,
    arrived: (bytes, signal) => source.arrived(range.start + bytes, signal),
    read: (part, checksum) => source.read(shifted(part), checksum),
    digest: (pass, signal) => source.digest({ ...pass, parts: pass.parts.map(shifted) }, signal),
  };
};
