import type { CheckReport } from '../model/check.ts';
import { UploadError } from './errors.ts';

/** The check found an error: nothing is completed. */
export const checkFailed = (check: CheckReport): UploadError =>
  new UploadError('SOURCE', `the check found ${counted(check)}, nothing was completed`, {
    reason: 'invalid-lines',
    hint: 'correct the file; --check=warn uploads it as it is, --no-check skips the check',
    check,
  });

const counted = ({ errors }: CheckReport): string => (errors === 1 ? '1 error' : `${errors} errors`);
