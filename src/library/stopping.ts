import { setMaxListeners } from 'node:events';
import { UploadError } from '../core/errors/errors.ts';

/** The signal of one push, until it is done: then the caller's signal has no listener of ours. */
export type Stopping = { readonly signal: AbortSignal; done(): void };

/** Stops when the outer signal does; the reason is then the error that the push ends with. */
export const stopping = (outer: AbortSignal | undefined): Stopping => {
  const controller = new AbortController();
  // Many requests listen to one signal on purpose.
  setMaxListeners(0, controller.signal);
  const stop = (): void => controller.abort(aborted(outer?.reason));
  if (outer?.aborted) stop();
  outer?.addEventListener('abort', stop);
  return { signal: controller.signal, done: () => outer?.removeEventListener('abort', stop) };
};

const aborted = (cause: unknown): UploadError =>
  new UploadError('INTERRUPTED', 'the push was aborted', {
    reason: 'aborted',
    hint: 'push the same file again: it resumes',
    cause,
  });
