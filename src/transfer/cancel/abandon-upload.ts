import { asUploadError, isStopped, type UploadError, withHint } from '../../core/errors/errors.ts';
import { asFailure } from '../../core/errors/request-error.ts';
import type { FileJob } from '../../core/model/file-job.ts';
import type { Journal, Source } from '../../core/ports.ts';
import type { FileRun } from '../run.ts';
import { cancelNow, giveUp } from './cancel-now.ts';

export type Left = { readonly job: FileJob; readonly source: Source; readonly journal: Journal | undefined };

/**
 * What becomes of the upload of a run that failed: it stays saved, unless the user said otherwise, or no run could
 * finish it because its source did not arrive whole. Returns the failure to tell.
 */
export async function leaveUpload(
  thrown: unknown,
  { job, source, journal }: Left,
  run: FileRun,
  signal: AbortSignal,
): Promise<unknown> {
  if (!journal) return thrown;
  const error = asFailure(thrown);
  // Invalid lines stay invalid: nothing is kept.
  if (error.reason === 'invalid-lines') {
    await giveUp(journal, run);
    await journal.close();
    return thrown;
  }
  const isWhole = await waitUntilWhole(source, journal, error, run, signal);
  if (!isWhole) await giveUp(journal, run);
  else if (signal.aborted && job.cancelOnInterrupt && !isStopped(error)) await cancelNow(journal, run);
  await journal.close();
  if (!isWhole && signal.aborted) return withHint(asUploadError(signal.reason), CUT_SHORT);
  return error.code === 'INTERRUPTED' && !journal.durable ? withHint(error, NOT_KEPT) : thrown;
}

const NOT_KEPT = 'nothing is kept: the same command starts over';
const CUT_SHORT = 'it was not read to its end, so its upload is cancelled and nothing is kept: pipe it in again';

/** What failed at the server can be resumed only from a whole source. */
async function waitUntilWhole(
  source: Source,
  journal: Journal,
  error: UploadError,
  { emit }: FileRun,
  signal: AbortSignal,
): Promise<boolean> {
  const { bytes } = journal.manifest().request;
  const hasArrived = (until: AbortSignal) =>
    source.arrived(bytes, until).then(
      () => true,
      () => false,
    );
  if (await hasArrived(AbortSignal.abort())) return true;
  if (signal.aborted || error.code === 'SOURCE') return false;
  emit({
    type: 'note',
    reason: 'reading-on',
    message: `${error.message}; the rest is read, so that it can be resumed`,
  });
  return hasArrived(signal);
}
