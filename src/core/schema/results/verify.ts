import * as v from 'valibot';
import { ResultError } from '../error.ts';
import { Md5, natural, record, text } from '../values.ts';

export const VerifyResult = v.pipe(
  record({
    status: v.picklist(['verified', 'failed']),
    path: text,
    file_id: text,
    bytes: v.nullable(natural),
    remote_bytes: v.nullable(natural),
    md5: Md5,
    remote_md5: Md5,
    content: v.pipe(
      v.nullable(v.picklist(['same', 'differs', 'unreadable'])),
      v.description('Null where it was not compared.'),
    ),
    refusal: v.pipe(v.nullable(text), v.description('Why the content could not be read.')),
    error: v.optional(ResultError),
  }),
  v.description('verify.'),
);
export type VerifyResult = v.InferOutput<typeof VerifyResult>;
