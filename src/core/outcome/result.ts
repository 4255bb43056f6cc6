import type { ErrorCode, UploadError } from '../errors/errors.ts';
import type { Reason } from '../errors/reasons.ts';
import { emptyTally, type Tally } from '../events/stats.ts';
import type { ApiFile } from '../model/api-file.ts';
import type { ByteRange } from '../model/byte-range.ts';
import type { CheckReport } from '../model/check.ts';

/** What is known of one file's push, complete or not. Public: `--json` prints it. */
export type PushResult = {
  readonly status: 'completed' | 'failed' | 'interrupted' | 'skipped' | 'planned';
  readonly path: string;
  readonly file_id: string | null;
  readonly upload_id: string | null;
  readonly filename: string | null;
  readonly purpose: string;
  readonly bytes: number | null;
  /** Lower-case hex of the whole file; null with `--no-md5` or where it is not known. */
  readonly md5: string | null;
  readonly parts: { readonly total: number; readonly sent: number; readonly resumed: number; readonly changed: number };
  readonly bytes_sent: number;
  readonly bytes_skipped: number;
  readonly bytes_resent: number;
  readonly retries: number;
  readonly duration_ms: number;
  readonly file: ApiFile | null;
  /** What the check of the lines found; absent where they were not checked. */
  readonly check?: CheckReport;
  /** Of a file that was split: bytes `start` to before `end`, its first line from 1, and how many lines. */
  readonly range?: {
    readonly start: number;
    readonly end: number;
    readonly first_line: number;
    readonly lines: number;
  };
  readonly part_size?: number;
  /** Of `--dry-run` with several files or a folder, in the last result: what all plans come to. */
  readonly totals?: PlanTotals;
  readonly resumable?: boolean;
  readonly error?: ResultError;
};

/** What several plans come to. A file that is named twice is counted once. */
export type PlanTotals = {
  /** Those that can be uploaded; `bytes` and `parts` are theirs. */
  readonly files: number;
  readonly failed: number;
  readonly bytes: number;
  readonly parts: number;
};

export const noPlans: PlanTotals = { files: 0, failed: 0, bytes: 0, parts: 0 };

/** The totals with one more plan. */
export const withPlan = (sum: PlanTotals, { status, bytes, parts }: PushResult): PlanTotals =>
  status === 'planned'
    ? { ...sum, files: sum.files + 1, bytes: sum.bytes + (bytes ?? 0), parts: sum.parts + parts.total }
    : { ...sum, failed: sum.failed + 1 };

/** The file is at the server. */
export type CompletedResult = PushResult & {
  readonly status: 'completed' | 'skipped';
  readonly file_id: string;
  readonly file: ApiFile;
};

/** It is not, or it is not processed there: `resumable` tells whether pushing it again goes on from here. */
export type UnfinishedResult = PushResult & {
  readonly status: 'failed' | 'interrupted';
  readonly resumable: boolean;
  readonly error: ResultError;
};

export type ResultError = {
  readonly code: ErrorCode;
  readonly reason: Reason;
  readonly message: string;
  readonly hint: string | null;
  readonly exit_code: number;
  readonly http_status: number | null;
  readonly request_id: string | null;
};

export const resultError = (error: UploadError): ResultError => ({
  code: error.code,
  reason: error.reason,
  message: error.message,
  hint: error.hint ?? null,
  exit_code: error.exitCode,
  http_status: error.httpStatus ?? null,
  request_id: error.requestId ?? null,
});

/** What a command prints with `--json` that fails before it has a result: what is not known is null. */
export type FailedCommand = Omit<UnfinishedResult, 'path' | 'purpose'> & {
  readonly path: null;
  readonly purpose: null;
};

export const failedCommand = (error: UploadError): FailedCommand => ({
  status: error.code === 'INTERRUPTED' ? 'interrupted' : 'failed',
  path: null,
  file_id: null,
  upload_id: null,
  filename: null,
  purpose: null,
  bytes: null,
  md5: null,
  ...tallyFields(emptyTally, 0),
  duration_ms: 0,
  file: null,
  resumable: false,
  error: resultError(error),
});

/** The counting fields of a result. */
export const tallyFields = (sum: Tally, totalParts: number) => ({
  parts: { total: totalParts, sent: sum.partsSent, resumed: sum.partsResumed, changed: sum.partsChanged },
  bytes_sent: sum.bytesSent,
  bytes_skipped: sum.bytesSkipped,
  bytes_resent: sum.bytesResent,
  retries: sum.retries,
});

/** The field of a piece of a file that was split. */
export const rangeField = (range: ByteRange | undefined): Pick<PushResult, 'range'> =>
  range ? { range: { start: range.start, end: range.end, first_line: range.firstLine, lines: range.lines } } : {};
