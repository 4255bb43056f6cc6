import type { PartChecksum } from './checksum.ts';

/** A byte range of the file; `number` counts from 1, the range is half-open. */
export type Part = { readonly number: number; readonly offset: number; readonly size: number };

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

/** Identifiers that the API gives; branded, because swapping two of them would still type-check as strings. */
export type UploadId = Id<'upload'>;
export type PartId = Id<'part'>;
export type FileId = Id<'file'>;

/** A part that the server accepted: its id there, and what its bytes were. */
export type FinishedPart = {
  readonly number: number;
  readonly id: PartId;
  readonly size: number;
  readonly digest: PartChecksum;
};

/** The parts of a file of `size` bytes, in order, all of `partSize` but the last. */
export const planParts = (size: number, partSize: number): readonly Part[] =>
  Array.from({ length: Math.ceil(size / partSize) }, (_, index) => {
    const offset = index * partSize;
    return { number: index + 1, offset, size: Math.min(partSize, size - offset) };
  });

const MiB = 1024 ** 2;

/** `max(8, ceil(size / 100 MiB))` MiB, at most 61 MiB: below both readings of the API's "64 MB". */
export const automaticPartSize = (size: number): number =>
  Math.min(61, Math.max(8, Math.ceil(size / (100 * MiB)))) * MiB;

/** Bytes of all the given parts together. */
export const bytesOf = (parts: Iterable<{ readonly size: number }>): number => {
  let sum = 0;
  for (const { size } of parts) sum += size;
  return sum;
};
