import * as v from 'valibot';
import { ResultError } from '../error.ts';
import { record } from '../values.ts';
import { Parts } from './push.ts';

const [none, nothing] = [v.literal(0), v.null()];

export const FailedCommand = v.pipe(
  record({
    status: v.picklist(['failed', 'interrupted']),
    path: nothing,
    file_id: nothing,
    upload_id: nothing,
    filename: nothing,
    purpose: nothing,
    bytes: nothing,
    md5: nothing,
    parts: Parts,
    bytes_sent: none,
    bytes_skipped: none,
    bytes_resent: none,
    retries: none,
    duration_ms: none,
    file: nothing,
    resumable: v.literal(false),
    error: ResultError,
  }),
  v.description('Any command that failed before it had a result, for example by a mistake of usage.'),
);
/** What a command prints that fails before it has a result: what is not known is null. */
export type FailedCommand = v.InferOutput<typeof FailedCommand>;
