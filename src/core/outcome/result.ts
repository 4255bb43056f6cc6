import type { UploadError } from '../errors/errors.ts';
import type { Tally } from '../events/stats.ts';
import type { ByteRange } from '../model/byte-range.ts';
import type { ApiFile } from '../schema/api-file.ts';
import type { ResultError } from '../schema/error.ts';
import type { FailedCommand } from '../schema/results/failed.ts';
import type { PlanTotals, PushResult } from '../schema/results/push.ts';

export type { PlanTotals, PushResult, ResultError };

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

export const resultError = (error: UploadError): ResultError => ({
  code: error.code,
  reason: error.reason,
  message: error.message,
  hint: error.hint ?? null,
  exit_code: error.exitCode,
  http_status: error.httpStatus ?? null,
  request_id: error.requestId ?? null,
});

/** Of a command that failed before it had a result. */
export const failedCommand = (error: UploadError): FailedCommand => ({
  status: error.code === 'INTERRUPTED' ? 'interrupted' : 'failed',
  path: null,
  file_id: null,
  upload_id: null,
  filename: null,
  purpose: null,
  bytes: null,
  md5: null,
  parts: { total: 0, sent: 0, resumed: 0, changed: 0 },
  bytes_sent: 0,
  bytes_skipped: 0,
  bytes_resent: 0,
  retries: 0,
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
