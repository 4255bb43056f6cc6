import * as v from 'valibot';
import { ApiFile } from '../api-file.ts';
import { CheckReport } from '../check.ts';
import { ResultError } from '../error.ts';
import { Md5, natural, positive, record, text } from '../values.ts';

export const Parts = record({ total: natural, sent: natural, resumed: natural, changed: natural });

const Range = v.pipe(
  record({ start: natural, end: positive, first_line: positive, lines: natural }),
  v.description('Of a file that was split: the bytes from start to before end.'),
);

export const PlanTotals = v.pipe(
  record({
    files: v.pipe(natural, v.description('Those that can be uploaded, each counted once; bytes and parts are theirs.')),
    failed: natural,
    bytes: natural,
    parts: natural,
  }),
  v.description('Of --dry-run with several files or a folder, in the last line: what all plans come to.'),
);
/** What several plans come to. A file that is named twice is counted once. */
export type PlanTotals = v.InferOutput<typeof PlanTotals>;

const unfinished = ['failed', 'interrupted'];

/** What the types of TypeScript say by UnfinishedResult. */
const condition = {
  if: { properties: { status: { enum: unfinished } } },
  // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
  then: { required: ['error', 'resumable'] },
  else: { properties: { error: false } },
};

export const PushResult = v.pipe(
  record({
    status: v.picklist(['completed', 'failed', 'interrupted', 'skipped', 'planned']),
    path: v.pipe(text, v.description('As it was named; - is stdin.')),
    file_id: v.nullable(text),
    upload_id: v.nullable(text),
    filename: v.nullable(text),
    purpose: text,
    bytes: v.nullable(natural),
    md5: Md5,
    parts: Parts,
    bytes_sent: natural,
    bytes_skipped: natural,
    bytes_resent: natural,
    retries: natural,
    duration_ms: natural,
    file: v.nullable(ApiFile),
    check: v.exactOptional(CheckReport),
    range: v.exactOptional(Range),
    totals: v.exactOptional(PlanTotals),
    part_size: v.exactOptional(v.pipe(natural, v.description('With --dry-run.'))),
    resumable: v.exactOptional(
      v.pipe(v.boolean(), v.description('Not completed: whether the same command goes on from here.')),
    ),
    error: v.exactOptional(ResultError),
  }),
  v.description('push and resume: one file.'),
  v.metadata(condition),
);
/** What is known of one file's push, complete or not. */
export type PushResult = v.InferOutput<typeof PushResult>;
