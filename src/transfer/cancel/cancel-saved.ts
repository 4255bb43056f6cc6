import type { UploadError } from '../../core/errors/errors.ts';
import { asFailure, isRefusal, RequestError } from '../../core/errors/request-error.ts';
import { isExpired } from '../../core/policy/resume.ts';
import type { SavedUpload } from '../../core/ports.ts';
import { lockName } from '../resume/find-saved.ts';
import type { FileRun } from '../run.ts';

/** What came of cancelling: `gone` is one that the server no longer had. */
export type Cancelled =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'gone'; readonly answer: string }
  | { readonly kind: 'failed'; readonly error: UploadError };

/** Cancels a saved upload at the server, then forgets it. One that is being uploaded by another run is left alone. */
export const cancelSaved = async (saved: SavedUpload, run: FileRun, signal: AbortSignal): Promise<Cancelled> => {
  const { destination, request, path } = saved.manifest;
  try {
    const release = await run.locks.acquire(lockName({ destination, request, realPath: path }), 0, signal);
    try {
      return await cancelAndForget(saved, run, signal);
    } finally {
      await release();
    }
  } catch (error) {
    return { kind: 'failed', error: asFailure(error) };
  }
};

/** What servers answer for an upload that is cancelled (perhaps by us, and the answer was lost), completed or unknown. */
const GONE: readonly number[] = [400, 404, 410];

async function cancelAndForget(saved: SavedUpload, run: FileRun, signal: AbortSignal): Promise<Cancelled> {
  const { manifest } = saved;
  if (manifest.apiVersion !== undefined) run.api.useClassic(manifest.apiVersion);
  try {
    const { status } = await run.requests.send(
      {
        endpoint: 'cancel',
        emit: run.emit,
        attempt: () => run.api.cancel(manifest.uploadId, signal),
      },
      signal,
    );
    await saved.forget();
    return status === 'cancelled' || status == null
      ? { kind: 'cancelled' }
      : { kind: 'gone', answer: `its status is ${status}` };
  } catch (error) {
    if (!(error instanceof RequestError) || !isRefusal(error.failure)) throw error;
    const { status } = error.failure;
    if (!GONE.includes(status ?? 0) && !isExpired(manifest, run.api.now())) throw error;
    await saved.forget();
    return { kind: 'gone', answer: error.message };
  }
}
