import type { UploadError } from '../core/errors/errors.ts';
import { emptyTally, type Tally } from '../core/events/stats.ts';
import type { ApiFile } from '../core/model/api.ts';
import type { CheckReport } from '../core/model/check.ts';
import type { FileJob } from '../core/model/file-job.ts';
import type { Manifest } from '../core/model/manifest.ts';
import type { Plan } from '../core/model/plan.ts';
import { rangeField, resultError, tallyFields, type UnfinishedResult } from '../core/outcome/result.ts';
import { isExpired, isSettling } from '../core/policy/resume.ts';
import type { Journal } from '../core/ports.ts';

/** What is known so far of the file being pushed; it must outlive a failure to be told. */
export type Seen = {
  tally: Tally;
  plan?: Plan;
  journal?: Journal;
  file?: ApiFile;
  md5?: string | undefined;
  check?: CheckReport | undefined;
};

/** The fields that every result has, as far as they are known. */
export const baseResult = (
  { path, filename, purpose, range }: FileJob,
  { plan, journal, tally, file, md5, check }: Seen,
) => ({
  path,
  file_id: file?.id ?? null,
  upload_id: journal?.manifest().uploadId ?? null,
  filename,
  purpose,
  bytes: plan?.request.bytes ?? null,
  md5: md5 ?? null,
  ...tallyFields(tally, journal ? partCount(journal.manifest()) : (plan?.parts.length ?? 0)),
  file: file ?? null,
  ...(check && { check }),
  ...rangeField(range),
});

const partCount = ({ request, partSize }: Manifest): number => Math.ceil(request.bytes / partSize);

/**
 * The result of a file that is not at the server, or not processed there. Resumable: what was done is saved, and its
 * hour is not over or does not matter any more.
 */
export const notCompleted = (
  error: UploadError,
  base: ReturnType<typeof baseResult> & { readonly duration_ms: number },
  { journal, file }: Seen,
  nowMs: number,
): UnfinishedResult => ({
  ...base,
  status: error.code === 'INTERRUPTED' ? 'interrupted' : 'failed',
  resumable: journal?.durable === true && (file !== undefined || !isExpired(journal.manifest(), nowMs)),
  error: resultError(error),
});

/** The result of a saved upload that was not tried: all that was saved is still there. */
export const untriedResult = (manifest: Manifest, error: UploadError, nowMs: number): UnfinishedResult => ({
  status: 'failed',
  path: manifest.path,
  file_id: null,
  upload_id: manifest.uploadId,
  filename: manifest.request.filename,
  purpose: manifest.request.purpose,
  bytes: manifest.request.bytes,
  md5: null,
  ...tallyFields(emptyTally, partCount(manifest)),
  duration_ms: 0,
  file: null,
  resumable: isSettling(manifest) || !isExpired(manifest, nowMs),
  error: resultError(error),
});
