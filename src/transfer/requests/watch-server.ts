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
  const reasonFor = ({ failure: { status } }: RequestError, mayHaveOrphans: boolean) =>
    startOverReason({ status, endpoint, saved, accepted, orphans: mayHaveOrphans, expired: expired(NEAR_END_MS) });
  const beforeAttempt = (): void => {
    if (journal.manifest().completed) throw contentChanged();
    if (expired()) throw hourOver(run.pace);
  };
  const onAccepted = (part: FinishedPart): void => {
    accepted = true;
    deadline.partAccepted(part);
  };
  const onRetry = ({ failure }: RequestError): void => {
    orphans ||= failure.mayBeDone;
  };
  const onChanged = (): void => {
    orphans = true;
  };
  // An orphan may be counted only for the moment: such a refusal is tried again if it can be.
  const isFinal = (error: RequestError): boolean => reasonFor(error, false) !== undefined;
  const { checksum } = journal.manifest();
  return {
    job: { source, uploadId, checksum, beforeAttempt, isFinal, onRetry, onAccepted, onChanged },
    acceptedNothing: () => !accepted,
    completing: () => {
      endpoint = 'complete';
    },
    whyStartOver: (error: unknown): StartReason | undefined => {
      if (error instanceof UploadError) return ownReason(error);
      const isOfThis = error instanceof RequestError && error.failure.endpoint === endpoint;
      return isOfThis ? reasonFor(error, orphans) : undefined;
    },
  };
}

/** What this side has noticed. */
const ownReason = ({ reason, code }: UploadError): StartReason | undefined => {
  if (reason === 'content-changed') return 'content changed';
  return code === 'EXPIRED' ? 'upload expired' : undefined;
};

export const hourOver = (pace: Pace | undefined) =>
  new UploadError('EXPIRED', "the upload's hour ended before all parts were sent", {
    reason: 'upload-expired',
    hint: pace
      ? 'raise --limit-rate, or leave it out: an upload lives one hour'
      : 'a faster line is needed, or a smaller file: an upload lives one hour',
  });

const contentChanged = () =>
  new UploadError('SOURCE', 'the file changed after its upload was completed', { reason: 'content-changed' });
