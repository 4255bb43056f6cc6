import * as v from 'valibot';
import { exitCodes } from '../errors/errors.ts';
import { reasons } from '../errors/reasons.ts';
import { natural, positive, record, text } from './values.ts';

export const ErrorCode = v.picklist(Object.keys(exitCodes) as (keyof typeof exitCodes)[]);
/** A name of the exit table. */
export type ErrorCode = v.InferOutput<typeof ErrorCode>;

const HttpReason = v.pipe(
  text,
  v.regex(/^http-\d+$/),
  v.transform(reason => reason as `http-${number}`),
);

export const Reason = v.pipe(
  v.union([v.picklist(reasons), HttpReason]),
  v.description('A finer word than the code; more may come.'),
);
export type Reason = v.InferOutput<typeof Reason>;

export const ResultError = record({
  code: ErrorCode,
  reason: Reason,
  message: text,
  hint: v.nullable(text),
  exit_code: positive,
  http_status: v.nullable(natural),
  request_id: v.nullable(text),
});
export type ResultError = v.InferOutput<typeof ResultError>;

/** Why a request is tried again, in words and in a stable reason. */
export const Trouble = record({
  reason: Reason,
  message: text,
  http_status: v.optional(natural),
  request_id: v.optional(text),
});

/** What TypeScript can say of a text, and valibot cannot. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is a type
export const textTypes = new Map<v.GenericSchema, string>([[HttpReason, '`http-${number}`']]);
