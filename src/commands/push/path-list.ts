import { STDIN } from '../../core/model/file-job.ts';
import { systemPath, textOfPath } from '../../io/source/path-bytes.ts';

/** Paths in the order that they were named. Those of a list stay the bytes that they are until they are needed. */
export type Paths = { readonly size: number; at(index: number): string };

export const pathsOf = (paths: readonly string[]): Paths => ({
  size: paths.length,
  at: index => paths[index] as string,
});

export const joined = (first: Paths, second: Paths): Paths => ({
  size: first.size + second.size,
  at: index => (index < first.size ? first.at(index) : second.at(index - first.size)),
});

/** Those of the indexes for which it holds. */
export const chosen = (paths: Paths, holds: (index: number) => boolean): Paths => {
  const indexes: number[] = [];
  for (let index = 0; index < paths.size; index += 1) if (holds(index)) indexes.push(index);
  return { size: indexes.length, at: index => paths.at(indexes[index] as number) };
};

/** The paths that each argument stands for, one after the other. They are kept as bytes: there may be a million. */
export const collected = async (
  args: readonly string[],
  pathsFor: (arg: string) => AsyncIterable<string>,
): Promise<Paths> => {
  const pieces: Buffer[] = [];
  let all = pathsOf([]);
  const flush = (): void => {
    if (pieces.length > 0) all = joined(all, pathsIn(Buffer.concat(pieces.splice(0)), NUL));
  };
  for (const arg of args) {
    for await (const path of pathsFor(arg)) {
      // Stdin stays stdin, which a list could not say.
      if (path === STDIN || path === '') {
        flush();
        all = joined(all, pathsOf([path]));
      } else pieces.push(Buffer.from(systemPath(path)), Buffer.of(NUL));
    }
  }
  flush();
  return all;
};

const NUL = 0;
const NEWLINE = 10;
const RETURN = 13;

/**
 * The paths of a list: one a line, or, where it holds a NUL, each ended by one, as `find -print0` writes them. Nothing
 * in it is a comment or an option, and a lone `-` is the file of that name.
 */
export const listedIn = (bytes: Buffer): Paths =>
  pathsIn(bytes.indexOf(MARK) === 0 ? bytes.subarray(MARK.length) : bytes, bytes.includes(NUL) ? NUL : NEWLINE);

/** What some editors put before a text. */
const MARK = Buffer.from('\ufeff');

const pathsIn = (bytes: Buffer, end: number): Paths => {
  const starts = new Uint32Array(countOf(startsOf(bytes, end)));
  let filled = 0;
  for (const start of startsOf(bytes, end)) starts[filled++] = start;
  return {
    size: starts.length,
    at: index => {
      const start = starts[index] as number;
      const path = textOfPath(bytes.subarray(start, endOf(bytes, start, end)));
      return path === STDIN ? `./${STDIN}` : path;
    },
  };
};

function countOf(items: Iterable<unknown>): number {
  let count = 0;
  for (const _item of items) count += 1;
  return count;
}

/** Where each path begins. Empty ones are none. */
function* startsOf(bytes: Buffer, end: number): Generator<number> {
  for (let start = 0; start < bytes.length; ) {
    const next = bytes.indexOf(end, start);
    if (endOf(bytes, start, end) > start) yield start;
    start = next < 0 ? bytes.length : next + 1;
  }
}

function endOf(bytes: Buffer, start: number, end: number): number {
  const next = bytes.indexOf(end, start);
  if (next < 0) return bytes.length;
  return end === NEWLINE && next > start && bytes[next - 1] === RETURN ? next - 1 : next;
}
