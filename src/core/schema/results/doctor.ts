import * as v from 'valibot';
import { ResultError } from '../error.ts';
import { text } from '../values.ts';

const Verdict = v.picklist(['ok', 'warning', 'failed', 'skipped']);
export type Verdict = v.InferOutput<typeof Verdict>;

export const DoctorLine = v.pipe(
  v.looseObject({
    check: text,
    verdict: Verdict,
    message: text,
    hint: v.optional(v.nullable(text)),
    error: v.optional(ResultError),
  }),
  v.readonly(),
  v.description('doctor: one check, with facts of its own.'),
);
export type DoctorLine = v.InferOutput<typeof DoctorLine>;
