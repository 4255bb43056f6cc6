import { asUploadError, type UploadError } from '../core/errors.ts';
import type { Emit } from '../core/events.ts';
import { makePlan, type Plan } from '../core/plan.ts';
import type { Journal, Release, Source, UploadIdentity } from '../core/ports.ts';
import type { Destination } from '../core/request.ts';
import { type PushResult, resultError, tallyFields } from '../core/result.ts';
import { isExpired } from '../core/resume.ts';
import { emptyTally, tally } from '../core/tally.ts';
import { type Beginning, findSaved, lockName } from './find-saved.ts';
import type { FileRun, Run } from './run.ts';
import { type Uploaded, uploadFile } from './upload-file.ts';

/** One file to push, with everything that was asked for it. */
export type FileJob = {
  readonly path: string;
  readonly filename: string;
  readonly purpose: string;
  readonly mimeType: string;
  readonly expiresAfterSeconds: number | undefined;
  readonly partSize: number | undefined;
  readonly md5: boolean;
  readonly restart: boolean;
  readonly lockWaitMs: number;
  readonly cancelOnInterrupt: boolean;
  readonly destination: Destination;
};

/** The result of one file, and what to do once it was written: only then is the upload forgotten. */
export type Pushed = { readonly result: PushResult; readonly error?: UploadError; written(): Promise<void> };

/** Pushes one file. Never throws: what went wrong is in the result. */
export const pushFile = async (job: FileJob, run: Run, emit: Emit, signal: AbortSignal): Promise<Pushed> => {
  const startedAtMs = run.clock.now();
  const seen: Seen = { tally: emptyTally };
  const fileRun: FileRun = {
    ...run,
    emit: event => {
      seen.tally = tally(seen.tally, event);
      emit(event);
    },
  };
  const base = () => ({ ...baseResult(job, seen), duration_ms: Math.round(run.clock.now() - startedAtMs) });
  try {
    const { file, md5, journal, release } = await pushOpened(job, seen, fileRun, signal);
    emit({ type: 'upload.completed', uploadId: journal.manifest().uploadId, fileId: file.id });
    return {
      result: { ...base(), status: 'completed', file_id: file.id, md5: md5 ?? null, file },
      written: async () => {
        await journal.forget();
        await release();
      },
    };
  } catch (thrown) {
    return notCompleted(asUploadError(thrown), base(), seen, run);
  }
};

/** What is known so far of the file being pushed; it must outlive a failure to be told. */
type Seen = { tally: typeof emptyTally; plan?: Plan; journal?: Journal };

const baseResult = ({ path, filename, purpose }: FileJob, { plan, journal, tally }: Seen) => ({
  path,
  file_id: null,
  upload_id: journal?.manifest().uploadId ?? null,
  filename,
  purpose,
  bytes: plan?.request.bytes ?? null,
  md5: null,
  ...tallyFields(tally, journal ? partCount(journal) : (plan?.parts.length ?? 0)),
  file: null,
});

const partCount = (journal: Journal): number => {
  const { request, partSize } = journal.manifest();
  return Math.ceil(request.bytes / partSize);
};

async function pushOpened(
  job: FileJob,
  seen: Seen,
  run: FileRun,
  signal: AbortSignal,
): Promise<Uploaded & { release: Release }> {
  signal.throwIfAborted();
  const source = await run.openSource(job.path);
  try {
    const plan = planFor(job, source);
    seen.plan = plan;
    run.emit({ type: 'upload.planned', bytes: plan.request.bytes, parts: plan.parts.length, partSize: plan.partSize });
    return await pushLocked(job, plan, source, seen, run, signal);
  } finally {
    await source.close();
  }
}

/** The plan of a job for the file as it is now. */
export const planFor = (job: FileJob, { fingerprint }: Pick<Source, 'fingerprint'>): Plan =>
  makePlan({
    request: {
      filename: job.filename,
      purpose: job.purpose,
      bytes: fingerprint.size,
      mimeType: job.mimeType,
      ...(job.expiresAfterSeconds !== undefined && { expiresAfterSeconds: job.expiresAfterSeconds }),
    },
    partSize: job.partSize,
    md5: job.md5,
  });

async function pushLocked(job: FileJob, plan: Plan, source: Source, seen: Seen, run: FileRun, signal: AbortSignal) {
  const identity: UploadIdentity = { destination: job.destination, request: plan.request, realPath: source.realPath };
  const release = await run.locks.acquire(lockName(identity), job.lockWaitMs, signal);
  const onJournal = (journal: Journal): void => {
    seen.journal = journal;
  };
  try {
    const beginning = await findSaved(identity, source, job, run, signal);
    tellBeginning(beginning, job, run);
    return { ...(await uploadFile({ plan, identity, source, onJournal }, beginning, run, signal)), release };
  } catch (error) {
    if (signal.aborted && job.cancelOnInterrupt) await cancelNow(seen.journal, run);
    await seen.journal?.close();
    await release();
    throw error;
  }
}

const tellBeginning = (beginning: Beginning, { partSize }: FileJob, { emit }: FileRun): void => {
  if (beginning.kind === 'start') {
    if (beginning.because !== 'no manifest') emit({ type: 'upload.restarted', because: beginning.because });
    return;
  }
  const saved = beginning.journal.manifest().partSize;
  if (partSize === undefined || partSize === saved) return;
  emit({
    type: 'note',
    reason: 'part-size-kept',
    message: `the saved upload keeps its part size of ${saved} bytes; --restart changes it`,
  });
};

/** An interrupted run has two seconds: the cancel gets most of them. */
const CANCEL_MS = 1500;

async function cancelNow(journal: Journal | undefined, { api, emit }: FileRun): Promise<void> {
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

function notCompleted(
  error: UploadError,
  base: ReturnType<typeof baseResult> & { duration_ms: number },
  { journal }: Seen,
  run: Run,
): Pushed {
  const resumable = journal?.durable === true && !isExpired(journal.manifest(), run.api.now());
  return {
    error,
    result: {
      ...base,
      status: error.code === 'INTERRUPTED' ? 'interrupted' : 'failed',
      resumable,
      error: resultError(error),
    },
    written: async () => {},
  };
}
