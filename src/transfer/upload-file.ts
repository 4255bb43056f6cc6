import { AUTOMATIC_CONCURRENCY } from '../core/concurrency/search.ts';
import { UploadError } from '../core/errors/errors.ts';
import { asRunError, RequestError } from '../core/errors/request-error.ts';
import type { TransferEvent } from '../core/events/events.ts';
import type { ApiFile } from '../core/model/api.ts';
import { uploadId } from '../core/model/api.ts';
import type { ByteRange } from '../core/model/byte-range.ts';
import type { CheckReport } from '../core/model/check.ts';
import { partsOf } from '../core/model/manifest.ts';
import { bytesOf } from '../core/model/part.ts';
import type { Plan } from '../core/model/plan.ts';
import type { StartReason } from '../core/policy/resume.ts';
import { type Sending, serverHint } from '../core/policy/server-hints.ts';
import type { Journal, Source, UploadIdentity } from '../core/ports.ts';
import { checkFirstLines, warnOfFindings } from './check-start.ts';
import { complete } from './complete/complete.ts';
import { findEarlier } from './complete/find-earlier.ts';
import { transferParts } from './parts/transfer-parts.ts';
import { hourOver, watchServer } from './requests/watch-server.ts';
import type { Beginning } from './resume/find-saved.ts';
import { requireUnchanged } from './resume/require-unchanged.ts';
import type { FileRun } from './run.ts';

export type Uploaded = {
  readonly file: ApiFile;
  readonly md5: string | undefined;
  readonly check?: CheckReport | undefined;
  readonly journal: Journal;
};

export type Upload = {
  readonly plan: Plan;
  readonly identity: UploadIdentity;
  readonly source: Source;
  readonly range: ByteRange | undefined;
  /** Receives each journal that is begun, so that the caller knows what is saved. */
  onJournal(journal: Journal): void;
};

/** Uploads the file, from its first byte or from where an earlier run stopped; starts over at most once for each cause. */
export const uploadFile = async (
  upload: Upload,
  beginning: Beginning,
  run: FileRun,
  signal: AbortSignal,
): Promise<Uploaded> => {
  upload.source.prepare({ ...upload.plan, resumes: beginning.kind === 'resume' });
  if (beginning.kind === 'found') {
    upload.onJournal(beginning.journal);
    return beginning;
  }
  const usedUp = new Set(beginning.kind === 'start' ? [causeOf(beginning.because)] : []);
  for (let next: Exclude<Beginning, { kind: 'found' }> = beginning; ; ) {
    const journal = next.kind === 'resume' ? next.journal : await begin(upload, run, signal);
    upload.onJournal(journal);
    const outcome = await attemptUpload({ ...upload, journal, saved: next.kind === 'resume' }, run, signal);
    if (outcome.kind === 'uploaded') return outcome;
    if (next.kind === 'resume' && mayBeCompleted(outcome)) {
      const earlier = await findEarlier(journal.manifest(), upload.source, run, signal);
      if (earlier) return { ...earlier, journal };
    }
    const cause = causeOf(outcome.because);
    if (usedUp.has(cause)) throw secondTime(outcome.because, outcome.error, run);
    usedUp.add(cause);
    await startOver(journal, outcome.because, run, signal);
    // A second hour is not spent on waiting.
    await upload.source.arrived(upload.plan.request.bytes, signal);
    next = { kind: 'start', because: outcome.because };
  }
};

type Outcome = ({ readonly kind: 'uploaded' } & Uploaded) | StartOver;

type StartOver = {
  readonly kind: 'start over';
  readonly because: StartReason;
  readonly error: unknown;
  /** The server accepted a part in this run: until then nothing had been completed. */
  readonly wasPending: boolean;
};

type Attempt = Upload & { readonly journal: Journal; readonly saved: boolean };

async function begin({ plan, identity, source, range }: Upload, run: FileRun, signal: AbortSignal): Promise<Journal> {
  const { emit } = run;
  // Its hour begins when there is something to send.
  await source.arrived(Math.min(plan.partSize, plan.request.bytes), signal);
  await checkFirstLines(plan.check, source, run, signal);
  emit({ type: 'upload.creating' });
  const made = await run.requests
    .send({ endpoint: 'create', emit, attempt: () => run.api.create(plan.request, signal) }, signal)
    .catch(error => throwAsRunError(error));
  const apiVersion = run.api.classic();
  if (apiVersion !== undefined) emit(classicNote(apiVersion));
  const expiresAtMs = made.expires_at == null ? undefined : made.expires_at * 1000;
  emit({ type: 'upload.created', uploadId: made.id, expiresAtMs });
  return run.manifests.create({
    path: source.realPath,
    fingerprint: source.fingerprint,
    destination: identity.destination,
    ...(apiVersion !== undefined && { apiVersion }),
    request: plan.request,
    ...(range && { range }),
    partSize: plan.partSize,
    md5: plan.md5,
    checksum: run.checksums.preferred,
    uploadId: uploadId(made.id),
    createdAtMs: made.created_at == null ? run.api.now() : made.created_at * 1000,
    ...(expiresAtMs !== undefined && { expiresAtMs }),
  });
}

const classicNote = (version: string): TransferEvent => ({
  type: 'note',
  reason: 'azure-classic',
  message: `this Azure resource takes no uploads on its v1 API: the classic API is used, version ${version}`,
});

async function attemptUpload(attempt: Attempt, run: FileRun, signal: AbortSignal): Promise<Outcome> {
  const { journal, source, plan } = attempt;
  const watch = watchServer(attempt, run);
  if (attempt.saved) announceResumed(attempt, run);
  try {
    const { completed: known, completing } = journal.manifest();
    // An upload that was asked to complete has passed its check, and may be a File already.
    const check = known || completing ? undefined : plan.check;
    const digest = await transferParts({ ...watch.job, journal, md5: plan.md5, check }, run, signal);
    const { checksum } = journal.manifest();
    await requireUnchanged(source, { parts: partsOf(journal.manifest()), checksum, digest }, signal);
    if (known && watch.acceptedNothing()) return { kind: 'uploaded', file: known.file, ...digest, journal };
    watch.completing();
    const completed = await complete({ journal, source, digest, isFinal: watch.job.isFinal }, run, signal);
    if (completed.kind === 'nothing completed')
      return { kind: 'start over', because: 'nothing completed', error: completed.refusal, wasPending: true };
    await journal.completed(digest.md5, completed.file);
    if (digest.check) warnOfFindings(digest.check, run);
    return { kind: 'uploaded', file: completed.file, ...digest, journal };
  } catch (error) {
    const because = signal.aborted ? undefined : watch.whyStartOver(error);
    if (because) return { kind: 'start over', because, error, wasPending: !watch.acceptedNothing() };
    const { partSize } = journal.manifest();
    const parts = partsOf(journal.manifest()).length;
    return throwAsRunError(error, { partSize, parts, concurrency: askedConcurrency(run) });
  }
}

const announceResumed = ({ journal, plan }: Attempt, { emit }: FileRun): void => {
  const manifest = journal.manifest();
  const { uploadId, expiresAtMs, finished, partSize, request } = manifest;
  if (partSize !== plan.partSize)
    emit({ type: 'upload.planned', bytes: request.bytes, parts: partsOf(manifest).length, partSize });
  emit({ type: 'upload.resumed', uploadId, expiresAtMs, parts: finished.size, bytes: bytesOf(finished.values()) });
};

/** A completed Upload is refused too: a run whose journal could not be written may have completed a saved one. */
const mayBeCompleted = ({ because, wasPending }: StartOver): boolean => !wasPending && because !== 'content changed';

/** Causes that may each explain one start-over: an upload that is gone has most likely expired. */
const causeOf = (because: StartReason): string => (because === 'upload gone' ? 'upload expired' : because);

const secondTime = (because: StartReason, error: unknown, { pace }: FileRun): unknown => {
  if (because !== 'upload expired') return error instanceof RequestError ? asRunError(error) : error;
  const failure = error instanceof RequestError ? asRunError(error) : undefined;
  return new UploadError('EXPIRED', `the upload expired a second time: ${hourOver(pace).message}`, {
    reason: 'upload-expired',
    hint: hourOver(pace).hint,
    cause: error,
    httpStatus: failure?.httpStatus,
    requestId: failure?.requestId,
  });
};

async function startOver(journal: Journal, because: StartReason, run: FileRun, signal: AbortSignal): Promise<void> {
  const { emit, api, requests } = run;
  emit({ type: 'upload.restarted', because });
  if (because === 'orphans counted') {
    const attempt = () => api.cancel(journal.manifest().uploadId, signal);
    // Best effort, but not before the server's time: what cannot be cancelled expires.
    await requests
      .send({ endpoint: 'cancel', emit, isFinal: () => true, attempt }, signal)
      .catch(() => signal.throwIfAborted());
  }
  await journal.forget();
}

/** As the user set it: where it is automatic, it may have come down to one by now. */
const askedConcurrency = ({ search, slots }: FileRun): number =>
  search ? AUTOMATIC_CONCURRENCY.start : slots.concurrency;

function throwAsRunError(error: unknown, sending?: Sending): never {
  if (!(error instanceof RequestError)) throw error;
  throw asRunError(error, sending && serverHint(error.failure, sending));
}
