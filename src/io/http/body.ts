import { setImmediate as turn } from 'node:timers/promises';

/** A request's body on its way out. */
export type OutgoingBody = {
  readonly chunks: AsyncGenerator<Uint8Array>;
  readonly progress: Readonly<BodyProgress>;
  /** Nothing more goes out. */
  stop(): void;
  /** After the connection is done with it. */
  end(): void;
};

type BodyProgress = {
  /** Bytes that were given to the connection; of these, what it has taken. */
  given: number;
  sent: number;
  /** All of it was handed over. */
  whole: boolean;
  stopped: boolean;
  /** What reading it ended with. */
  failure?: { readonly error: unknown };
};

/** A body that can be stopped: after an answer, what remains of it would only be thrown away at the other end. */
export const outgoingBody = (bytes: AsyncIterable<Uint8Array>): OutgoingBody => {
  const progress: BodyProgress = { given: 0, sent: 0, whole: false, stopped: false };
  let release = (): void => {};
  const over = new Promise<void>(resolve => {
    release = resolve;
  });
  const chunks = guarded(bytes, progress, over);
  return {
    chunks,
    progress,
    stop: () => {
      progress.stopped = true;
    },
    end: () => {
      release();
      chunks.return(undefined).catch(() => {});
    },
  };
};

async function* guarded(
  bytes: AsyncIterable<Uint8Array>,
  progress: BodyProgress,
  over: Promise<void>,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of bytes) {
      // A turn of the loop, so that an answer which is already there is read before the next write can break.
      await turn();
      // Ended now, it would look like a whole body to the connection.
      if (progress.stopped) return await over;
      progress.given += chunk.length;
      yield chunk;
      progress.sent += chunk.length;
    }
    progress.whole = true;
  } catch (error) {
    progress.failure = { error };
    throw error;
  }
}
