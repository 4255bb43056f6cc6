import { setMaxListeners } from 'node:events';

/**
 * Does work that listens to a signal for as long as the work takes. Node keeps a trace of each `AbortSignal.any` for as
 * long as the signal lives that it depends on: that of the run would keep hundreds of bytes for each file.
 */
export const withOwnSignal = async <T>(outer: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const controller = new AbortController();
  // Many requests listen to one signal on purpose.
  setMaxListeners(0, controller.signal);
  const abort = (): void => controller.abort(outer.reason);
  if (outer.aborted) abort();
  outer.addEventListener('abort', abort);
  try {
    return await work(controller.signal);
  } finally {
    outer.removeEventListener('abort', abort);
  }
};
