import * as v from 'valibot';
import { ApiFile } from '../api-file.ts';
import { CheckReport } from '../check.ts';
import { Reason, ResultError } from '../error.ts';
import { CheckedFinding, CheckedLine, Counts, Summary } from './checked.ts';
import { DoctorLine } from './doctor.ts';
import { FailedCommand } from './failed.ts';
import { Parts, PushResult } from './push.ts';
import { CancelledLine, CleanedLine, SavedLine } from './saved.ts';
import { VerifyResult } from './verify.ts';

const lines = {
  push: PushResult,
  verify: VerifyResult,
  saved: SavedLine,
  cancelled: CancelledLine,
  cleaned: CleanedLine,
  checked: CheckedLine,
  doctor: DoctorLine,
  failed: FailedCommand,
};

/** A line of stdout with `--json`. */
export const ResultLine = v.pipe(
  v.union(Object.values(lines)),
  v.title('A result of oai-upload'),
  v.description('One line of stdout with --json. Fields may be added; none is removed or renamed.'),
);
export type ResultLine = v.InferOutput<typeof ResultLine>;

export const resultDefinitions = {
  ...lines,
  parts: Parts,
  file: ApiFile,
  check: CheckReport,
  finding: CheckedFinding,
  summary: Summary,
  counts: Counts,
  error: ResultError,
  reason: Reason,
};
