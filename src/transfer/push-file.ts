import { UploadError } from '../core/errors/errors.ts';
import { asFailure } from '../core/errors/request-error.ts';
import type { Emit } from '../core/events/events.ts';
import { emptyTally, tally } from '../core/events/stats.ts';
import type { ApiFile } from '../core/model/api.ts';
import type { CheckReport } from '../core/model/check.ts';
import { type FileJob, type Pushed, planFor } from '../core/model/file-job.ts';
import { isSameFingerprint } from '../core/model/manifest.ts';
import type { Plan } from '../core/model/plan.ts';
import { destinationIdentity } from '../core/model/request.ts';
import type { Journal, Release, Source, UploadIdentity } from '../core/ports.ts';
import { leaveUpload } from './cancel/abandon-upload.ts';
import { checkAbout } from './check-start.ts';
import { waitProcessed } from './complete/wait-processed.ts';
import { baseResult, notCompleted, type Seen } from './file-result.ts';
import { rangeOf } from './range-of.ts';
import { type Beginning, findSaved, lockName } from './resume/find-saved.ts';
import { findUploaded } from './resume/skip-uploaded.ts';
import type { FileRun, PushRun } from './run.ts';
import { type Uploaded, uploadFile } from './upload-file.ts';

/** Pushes one file. Never throws: what went wrong is in the result. */
export const pushFile = async (job: FileJob, run: PushRun, emit: Emit, signal: AbortSignal): Promise<Pushed> => {
  const startedAtMs = run.clock.monotonic();
  const seen: Seen = { tally: emptyTally };
  const fileRun: FileRun = {
    ...run,
    slots: run.slots.forFile(),
    emit: event => {
      seen.tally = tally(seen.tally, event);
      emit(event);
    },
  };
  const base = () => ({ ...baseResult(job, seen), duration_ms: Math.round(run.clock.monotonic() - startedAtMs) });
  try {
    const { status, forget, ...atServer } = await run.inTurn(() => pushOpened(job, seen, fileRun, signal));
    seen.file = atServer.file;
    seen.md5 = atServer.md5;
    seen.check = atServer.check;
    // Others may send meanwhile: waiting takes neither a turn nor anything that is open.
    if (job.waitMs !== undefined) seen.file = await waitProcessed(atServer.file, job.waitMs, fileRun, signal);
    const { file } = seen;
    const skipped = status === 'skipped' && { bytes_skipped: seen.plan?.request.bytes ?? 0 };
    return { result: { ...base(), status, file_id: file.id, file, ...skipped }, written: forget };
  } catch (thrown) {
    const error = asFailure(thrown);
    seen.check ??= error.check;
    return { error, result: notCompleted(error, base(), seen, run.api.now()), written: async () => {} };
  }
};

/** A file that is at the server, and what makes this machine forget how it got there. */
type AtServer = {
  readonly status: 'completed' | 'skipped';
  readonly file: ApiFile;
  readonly md5: string | undefined;
  readonly check?: CheckReport | undefined;
  forget(): Promise<void>;
};

async function pushOpened(job: FileJob, seen: Seen, run: FileRun, signal: AbortSignal): Promise<AtServer> {
  signal.throwIfAborted();
  // Looked at first: a file that cannot be pushed is refused before anything is locked.
  const opened = rangeOf(await run.openSource(job.path), job.range);
  const release = await lockFile(opened, job, seen, run, signal).catch(afterClosing(opened));
  try {
    const source = await asItIsNow(opened, job, run);
    try {
      return await pushLocked(job, source, seen, run, release, signal);
    } finally {
      await source.close();
    }
  } catch (error) {
    await release();
    throw error;
  }
}

const afterClosing =
  (source: Source) =>
  async (error: unknown): Promise<never> => {
    await source.close();
    throw error;
  };

const lockFile = async (
  source: Source,
  job: FileJob,
  seen: Seen,
  run: FileRun,
  signal: AbortSignal,
): Promise<Release> => {
  seen.plan = planFor(job, source.fingerprint);
  return lock(
    { destination: job.destination, request: seen.plan.request, realPath: source.realPath },
    job,
    run,
    signal,
  );
};

/** Opened anew where the file changed while another run of it was waited for. */
async function asItIsNow(opened: Source, { path, range }: FileJob, { openSource }: FileRun): Promise<Source> {
  const now = await opened.fingerprintNow();
  if (now.path && isSameFingerprint(now.path, opened.fingerprint)) return opened;
  await opened.close();
  return rangeOf(await openSource(path), range);
}

async function pushLocked(
  job: FileJob,
  source: Source,
  seen: Seen,
  run: FileRun,
  release: Release,
  signal: AbortSignal,
): Promise<AtServer> {
  const plan = planFor(job, source.fingerprint);
  seen.plan = plan;
  await checkAbout(plan.check, run);
  run.emit({ type: 'upload.planned', bytes: plan.request.bytes, parts: plan.parts.length, partSize: plan.partSize });
  const identity: UploadIdentity = { destination: job.destination, request: plan.request, realPath: source.realPath };
  const onJournal = (journal: Journal): void => {
    seen.journal = journal;
  };
  try {
    const uploaded = job.skipUploaded ? await findUploaded(plan, job.destination, source, run, signal) : undefined;
    if (uploaded) {
      run.emit({ type: 'upload.skipped', fileId: uploaded.file.id });
      await release();
      return { status: 'skipped', ...uploaded, forget: async () => {} };
    }
    const beginning = await findSaved(identity, source, job, run, signal);
    tellBeginning(beginning, job, run);
    const done = await uploadFile({ plan, identity, source, range: job.range, onJournal }, beginning, run, signal);
    return await remember(done, plan, job, run, release);
  } catch (error) {
    throw await leaveUpload(error, { job, source, journal: seen.journal }, run, signal);
  }
}

/** Waits for another run of the file if it may, and says so. */
async function lock(
  identity: UploadIdentity,
  { lockWaitMs }: FileJob,
  { locks, emit }: FileRun,
  signal: AbortSignal,
): Promise<Release> {
  try {
    return await locks.acquire(lockName(identity), 0, signal);
  } catch (error) {
    if (lockWaitMs === 0 || !(error instanceof UploadError) || error.code !== 'LOCKED') throw error;
    emit({ type: 'note', reason: 'lock-wait', message: `waiting: ${error.message}` });
    return await locks.acquire(lockName(identity), lockWaitMs, signal);
  }
}

/** Enters the ledger; the journal goes only once the result was written. */
async function remember(
  { file, md5, check, journal }: Uploaded,
  { request }: Plan,
  { destination }: FileJob,
  run: FileRun,
  release: Release,
): Promise<AtServer> {
  const fileExpiresAtMs = file.expires_at == null ? undefined : file.expires_at * 1000;
  const { uploadId } = journal.manifest();
  run.emit({ type: 'upload.completed', uploadId, fileId: file.id, md5, fileExpiresAtMs });
  if (md5 !== undefined) {
    await run.ledger.add({
      md5,
      bytes: request.bytes,
      destination: destinationIdentity(destination),
      purpose: request.purpose,
      fileId: file.id,
      ...(fileExpiresAtMs !== undefined && { expiresAtMs: fileExpiresAtMs }),
    });
  }
  // Many results may wait for that of an earlier file: they keep neither journal nor lock open.
  await journal.close();
  await release();
  return { status: 'completed', file, md5, check, forget: () => journal.forget() };
}

const tellBeginning = (beginning: Beginning, { partSize }: FileJob, { emit }: FileRun): void => {
  if (beginning.kind === 'start') {
    if (beginning.because !== 'no manifest') emit({ type: 'upload.restarted', because: beginning.because });
    return;
  }
  if (beginning.kind === 'found') return;
  const saved = beginning.journal.manifest().partSize;
  if (partSize === undefined || partSize === saved) return;
  emit({
    type: 'note',
    reason: 'part-size-kept',
    message: `the saved upload keeps its part size of ${saved} bytes; --restart changes it`,
  });
};
