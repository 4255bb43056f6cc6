import type { Journal } from '../../core/ports.ts';
import type { FileRun } from '../run.ts';

/** An interrupted run has two seconds: the cancel gets most of them. */
const CANCEL_MS = 1500;

/** Cancels the upload of an interrupted run, if the server answers in time; else it stays saved. */
export async function cancelNow(journal: Journal, run: FileRun): Promise<void> {
  try {
    const { status } = await cancelInTime(journal, run);
    if (status === 'cancelled') await journal.forget();
  } catch {
    run.emit({
      type: 'warning',
      reason: 'cancel-failed',
      message: 'the upload could not be cancelled in time: it stays saved',
      hint: `oai-upload cancel ${journal.manifest().uploadId}`,
    });
  }
}

/** Cancels an upload that can no longer complete. If the request fails, the upload expires on the server. */
export async function giveUp(journal: Journal, run: FileRun): Promise<void> {
  await journal.forget();
  await cancelInTime(journal, run).catch(() => {});
}

const cancelInTime = (journal: Journal, { api }: FileRun) =>
  api.cancel(journal.manifest().uploadId, AbortSignal.timeout(CANCEL_MS));
