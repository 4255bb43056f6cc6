import * as v from 'valibot';

const natural = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Whole lines of a file that are uploaded as a File of their own. */
export const ByteRange = v.object({
  /** The first byte, and the one after the last. */
  start: natural,
  end: v.pipe(natural, v.minValue(1)),
  /** The number of its first line in the file, from 1. */
  firstLine: v.pipe(natural, v.minValue(1)),
  lines: natural,
});

export type ByteRange = v.InferOutput<typeof ByteRange>;
