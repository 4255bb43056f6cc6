import { decoded } from './utf8.ts';

/** Receives the lines of a file, in order, without their ends. Numbers are from 1. */
export type LineSink = {
  text(text: string, line: number): void;
  /** A line that is not UTF-8. */
  bytes(bytes: Uint8Array, line: number): void;
  /** A line that was not kept. */
  tooLong(line: number): void;
};

/** Cuts bytes into lines. Memory holds one read and one line; all reads may share one buffer. */
export type LineReader = {
  push(bytes: Uint8Array): void;
  /** The last line needs no end; how many there were comes back. */
  end(): number;
};

const NEWLINE = 0x0a;

export function createLineReader(sink: LineSink, maxLineBytes: number): LineReader {
  const rest = createRest(maxLineBytes);
  let line = 0;

  const whole = (bytes: Uint8Array | undefined): void => {
    line += 1;
    const text = bytes && decoded(bytes);
    if (bytes === undefined) sink.tooLong(line);
    else if (text === undefined) sink.bytes(bytes, line);
    else sink.text(text, line);
  };
  // Thousands of short lines are decoded at once; one by one only where that tells which of them is bad.
  const block = (bytes: Uint8Array): void => {
    const text = bytes.length > maxLineBytes ? undefined : decoded(bytes);
    if (text === undefined) eachLine(bytes, one => whole(one.length > maxLineBytes ? undefined : one));
    else
      eachText(text, one => {
        line += 1;
        sink.text(one, line);
      });
  };

  return {
    push: bytes => {
      const [first, last] = [bytes.indexOf(NEWLINE), bytes.lastIndexOf(NEWLINE)];
      if (first >= 0) whole(rest.take(bytes.subarray(0, first)));
      if (last > first) block(bytes.subarray(first + 1, last));
      rest.add(bytes.subarray(last + 1));
    },
    end: () => {
      if (rest.length() > 0) whole(rest.take(new Uint8Array()));
      return line;
    },
  };
}

function eachText(text: string, take: (line: string) => void): void {
  for (let start = 0; start <= text.length; ) {
    const end = text.indexOf('\n', start);
    const stop = end < 0 ? text.length : end;
    take(text.slice(start, stop));
    start = stop + 1;
  }
}

function eachLine(bytes: Uint8Array, take: (line: Uint8Array) => void): void {
  for (let start = 0; start <= bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, start);
    const stop = end < 0 ? bytes.length : end;
    take(bytes.subarray(start, stop));
    start = stop + 1;
  }
}

/** A line whose end has not come yet; one that is too long is only counted. */
function createRest(maxBytes: number) {
  let pieces: Uint8Array[] = [];
  let length = 0;
  const keep = (bytes: Uint8Array): void => {
    length += bytes.length;
    if (length > maxBytes) pieces = [];
    else if (bytes.length > 0) pieces.push(bytes);
  };
  return {
    // Copied, since the next read may be into the same buffer; a Buffer's own `slice` would not copy.
    add: (bytes: Uint8Array) => keep(length > maxBytes ? bytes : new Uint8Array(bytes)),
    length: () => length,
    /** The line with its tail; nothing where it was too long. */
    take: (tail: Uint8Array): Uint8Array | undefined => {
      keep(tail);
      const bytes = length > maxBytes ? undefined : joined(pieces, length);
      [pieces, length] = [[], 0];
      return bytes;
    },
  };
}

const joined = (pieces: readonly Uint8Array[], length: number): Uint8Array => {
  if (pieces.length === 1 && pieces[0]) return pieces[0];
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
};
