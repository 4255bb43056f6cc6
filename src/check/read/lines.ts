/** Receives the lines of a file in order, without their ends. The bytes are valid during the call only. */
export type LineSink = {
  line(bytes: Buffer, start: number, end: number): void;
  /** A line that was too long to keep. */
  tooLong(): void;
};

/** Cuts bytes into lines. Memory holds one line at most; all pieces may share one buffer. */
export type LineSplitter = {
  write(bytes: Uint8Array): void;
  /** The last line needs no newline. */
  end(): void;
};

const NEWLINE = 0x0a;

export function createLineSplitter(sink: LineSink, maxLineBytes: number): LineSplitter {
  const begun = createBegunLine(maxLineBytes);

  const finish = (bytes: Buffer, end: number): void => {
    begun.add(bytes, 0, end);
    const line = begun.take();
    if (line) sink.line(line, 0, line.length);
    else sink.tooLong();
  };

  return {
    write: piece => {
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      let start = 0;
      let end = bytes.indexOf(NEWLINE);
      if (end >= 0 && begun.length() > 0) {
        finish(bytes, end);
        start = end + 1;
        end = bytes.indexOf(NEWLINE, start);
      }
      for (; end >= 0; end = bytes.indexOf(NEWLINE, start)) {
        if (end - start > maxLineBytes) sink.tooLong();
        else sink.line(bytes, start, end);
        start = end + 1;
      }
      begun.add(bytes, start, bytes.length);
    },
    end: () => {
      if (begun.length() > 0) finish(Buffer.alloc(0), 0);
    },
  };
}

const SMALLEST = 64 * 1024;

/** A line whose end has not come yet. One that is too long is only counted. */
function createBegunLine(maxBytes: number) {
  let kept = Buffer.alloc(0);
  let length = 0;
  const makeRoom = (needed: number): void => {
    if (needed <= kept.length) return;
    const larger = Buffer.allocUnsafe(
      Math.min(Math.max(needed, 2 * kept.length, SMALLEST), Math.max(needed, maxBytes)),
    );
    kept.copy(larger, 0, 0, length);
    kept = larger;
  };
  return {
    length: () => length,
    add: (bytes: Buffer, start: number, end: number): void => {
      const total = length + end - start;
      if (total <= maxBytes) {
        makeRoom(total);
        bytes.copy(kept, length, start, end);
      } else kept = Buffer.alloc(0);
      length = total;
    },
    /** The line; undefined where it was too long. */
    take: (): Buffer | undefined => {
      const line = length > maxBytes ? undefined : kept.subarray(0, length);
      length = 0;
      // The memory of one very long line is not kept for the short ones after it.
      if (kept.length > 16 * SMALLEST) kept = Buffer.alloc(0);
      return line;
    },
  };
}
