import type { Journal } from '../core/ports.ts';
import type { FileRun } from './run.ts';

/** An interrupted run has two seconds: the cancel gets most of them. */
const CANCEL_MS = 1500;

/** Cancels the upload of an interrupted run, if the server answers in time; else it stays saved. */
export async function cancelNow(journal: Journal | undefined, { api, emit }: FileRun): Promise<void> {
  if (!journal) return;
  try {
    const { status } = await api.cancel(journal.manifest().uploadId, AbortSignal.timeout(CANCEL_MS));
    if (status === 'cancelled') await journal.forget();
  } catch {
    emit({
      type: 'warning',
      reason: 'cancel-failed',
      message: 'the upload could not be cancelled in time: it stays saved',
      hint: 'oai-upload cancel',
    });
  }
}
