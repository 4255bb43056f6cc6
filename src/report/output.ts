/** What is asked of stdout or stderr. */
export type TextStream = {
  write(text: string, written?: (error?: Error | null) => void): boolean;
  on?(event: 'error' | 'close', listener: () => void): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
};

/** A stream that may be closed by its reader at any time: writing to it never throws. */
export type Output = {
  readonly closed: boolean;
  /** Settles when the text was handed over, or nobody will ever read it. */
  write(text: string): Promise<void>;
  onClosed(listener: () => void): void;
};

/** Guards a stream: the first failed write closes it for good, and nobody waits for it any more. */
export const guarded = (stream: TextStream): Output => {
  const listeners = new Set<() => void>();
  let closed = false;
  const close = (): void => {
    closed = true;
    for (const listener of listeners) listener();
    listeners.clear();
  };
  stream.on?.('error', close);
  stream.on?.('close', close);

  const write = (text: string): Promise<void> =>
    new Promise(settle => {
      if (closed) return settle();
      listeners.add(settle);
      const written = (error?: Error | null): void => {
        listeners.delete(settle);
        if (error) close();
        settle();
      };
      try {
        stream.write(text, written);
      } catch (error) {
        written(error as Error);
      }
    });

  return {
    get closed() {
      return closed;
    },
    write,
    onClosed: listener => (closed ? listener() : void listeners.add(listener)),
  };
};
