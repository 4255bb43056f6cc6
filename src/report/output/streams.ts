import { UploadError } from '../../core/errors/errors.ts';

/** What is asked of stdout or stderr. */
export type TextStream = {
  write(text: string, written?: (error?: Error | null) => void): boolean;
  on?(event: 'error' | 'close', listener: (error?: Error | null) => void): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
};

/** Columns of the window that a stream is shown in; nothing where it is not a terminal. */
export const windowColumns = ({ isTTY, columns }: TextStream): number | undefined => (isTTY ? columns : undefined);

/** A stream that may be closed by its reader at any time: writing to it never throws. */
export type Output = {
  readonly closed: boolean;
  /** Why it cannot be written although somebody may want to read it: a full disk, for instance. */
  readonly fault: Error | undefined;
  /** Whether the text was handed over; settles also when it will never be read. */
  write(text: string): Promise<boolean>;
  onClosed(listener: () => void): void;
};

/** Guards a stream: the first failed write closes it for good, and nothing waits for it any more. */
export const guarded = (stream: TextStream): Output => {
  const listeners = new Set<() => void>();
  let closed = false;
  let fault: Error | undefined;
  const close = (error?: Error | null): void => {
    if (!closed) fault = faultOf(stream, error);
    closed = true;
    for (const listener of listeners) listener();
    listeners.clear();
  };
  stream.on?.('error', close);
  stream.on?.('close', () => close());

  const write = (text: string): Promise<boolean> =>
    new Promise(settle => {
      const lost = (): void => settle(false);
      if (closed) return lost();
      listeners.add(lost);
      writeTo(stream, text, error => {
        listeners.delete(lost);
        if (error) close(error);
        settle(!error);
      });
    });

  return {
    get closed() {
      return closed;
    },
    get fault() {
      return fault;
    },
    write,
    onClosed: listener => (closed ? listener() : void listeners.add(listener)),
  };
};

/** A stream that throws has failed like one that reports its error. */
const writeTo = (stream: TextStream, text: string, written: (error?: Error | null) => void): void => {
  try {
    stream.write(text, written);
  } catch (error) {
    written(error as Error);
  }
};

/** What a stream says whose reader has left. */
const LEFT = ['EPIPE', 'ECONNRESET', 'EOF', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'];

/** A reader that left, or a terminal that is gone, is no fault: what is not read is not missed. */
export const faultOf = ({ isTTY }: TextStream, error: NodeJS.ErrnoException | null | undefined): Error | undefined =>
  error && !isTTY && !LEFT.includes(error.code ?? '') ? error : undefined;

/** Answers, whenever asked, why what was written so far is lost. */
export const watchFault = (stream: NodeJS.WriteStream): (() => Error | undefined) => {
  let fault: Error | undefined;
  stream.on('error', error => {
    fault ??= faultOf(stream, error);
  });
  // The last write may have failed just now: its event is still to come.
  return () => fault ?? faultOf(stream, stream.errored);
};

/** The reason of every result that stdout did not take. */
export const STDOUT_LOST = 'stdout';

/** What a command printed is lost, and there is somebody who wants it. */
export const unwritable = (fault: Error): UploadError =>
  new UploadError('UNAVAILABLE', `the result cannot be written to stdout: ${fault.message}`, {
    reason: STDOUT_LOST,
    hint: 'make room there, then run the same command again: what is uploaded is not sent again',
    cause: fault,
  });
