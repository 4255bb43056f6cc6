import { UploadError } from '../../core/errors/errors.ts';
import { RequestError } from '../../core/errors/request-error.ts';
import type { FinishedPart } from '../../core/model/part.ts';
import { isExpired, type StartReason, startOverReason } from '../../core/policy/resume.ts';
import type { Journal, Source } from '../../core/ports.ts';
import type { FileRun } from '../run.ts';
import type { Pace } from './pace.ts';
import { watchDeadline } from './watch-deadline.ts';

export type Watched = { readonly journal: Journal; readonly source: Source; readonly saved: boolean };

/** `Date` has whole seconds: a refusal so close to the end is taken for the end. */
const NEAR_END_MS = 2000;

/** What the server's answers of this attempt have told: whether a refusal means that starting over would help. */
export function watchServer({ journal, source, saved }: Watched, run: FileRun) {
  const { uploadId } = journal.manifest();
  let accepted = false;
  // A run that was killed, or a saved upload at all, may have left a part whose id is not known.
  let orphans = saved;
  let endpoint: 'part' | 'complete' = 'part';
  const expired = (aheadMs = 0) => isExpired(journal.manifest(), run.api.now() + aheadMs);
  const deadline = watchDeadline(journal, run);

  const reasonFor = ({ failure }: RequestError, mayHaveOrphans: boolean) =>
    startOverReason({
      status: failure.status,
      endpoint,
      saved,
      accepted,
      orphans: mayHaveOrphans,
      expired: expired(NEAR_END_MS),
    });

  return {
    job: {
      source,
      uploadId,
      checksum: journal.manifest().checksum,
      beforeAttempt: () => {
        if (journal.manifest().completed) throw contentChanged();
        if (expired()) throw hourOver(run.pace);
      },
      // An orphan may be counted only for the moment: such a refusal is tried again if it can be.
      isFinal: (error: RequestError) => reasonFor(error, false) !== undefined,
      onRetry: (error: RequestError) => {
        orphans ||= error.failure.mayBeDone;
      },
      onAccepted: (part: FinishedPart) => {
        accepted = true;
        deadline.partAccepted(part);
      },
      onChanged: () => {
        orphans = true;
      },
    },
    acceptedNothing: () => !accepted,
    completing: () => {
      endpoint = 'complete';
    },
    whyStartOver: (error: unknown): StartReason | undefined => {
      if (error instanceof UploadError && error.reason === 'content-changed') return 'content changed';
      if (error instanceof UploadError && error.code === 'EXPIRED') return 'upload expired';
      if (!(error instanceof RequestError) || error.failure.endpoint !== endpoint) return undefined;
      return reasonFor(error, orphans);
    },
  };
}

export const hourOver = (pace: Pace | undefined) =>
  new UploadError('EXPIRED', "the upload's hour ended before all parts were sent", {
    reason: 'upload-expired',
    hint: pace
      ? 'raise --limit-rate, or leave it out: an upload lives one hour'
      : 'a faster line is needed, or a smaller file: an upload lives one hour',
  });

const contentChanged = () =>
  new UploadError('SOURCE', 'the file changed after its upload was completed', { reason: 'content-changed' });
