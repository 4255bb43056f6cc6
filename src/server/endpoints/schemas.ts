import * as v from 'valibot';
import { EXPIRES_AFTER_SECONDS, MAX_UPLOAD_BYTES, PURPOSES } from '../../core/model/limits.ts';
import { ApiError, badField } from '../http/api-error.ts';

const text = v.pipe(v.string(), v.nonEmpty());

export const ExpiresAfter = v.strictObject({
  anchor: v.literal('created_at'),
  seconds: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(EXPIRES_AFTER_SECONDS.min),
    v.maxValue(EXPIRES_AFTER_SECONDS.max),
  ),
});

export const Purpose = v.picklist(PURPOSES);

export const CreateRequest = v.strictObject({
  filename: text,
  purpose: Purpose,
  bytes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_UPLOAD_BYTES)),
  mime_type: text,
  expires_after: v.exactOptional(ExpiresAfter),
});

export const CompleteRequest = v.strictObject({
  part_ids: v.pipe(v.array(text), v.minLength(1)),
  md5: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/i))),
});

export const FileForm = v.strictObject({ purpose: Purpose, expires_after: v.exactOptional(ExpiresAfter) });

/** The value as the schema has it, or the refusal that OpenAI would word. */
export function accept<T extends v.GenericSchema>(schema: T, value: object): v.InferOutput<T> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw refusalOf(result.issues[0]);
}

/** The JSON object of a request's body. */
export function parseObject(bytes: Buffer): object {
  const value = parseJson(bytes);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new ApiError(400, 'Invalid body: expected an object.');
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ApiError(400, 'We could not parse the JSON body of your request. The API expects a JSON payload.');
  }
}

function refusalOf(issue: v.BaseIssue<unknown>): ApiError {
  const param = v.getDotPath(issue) ?? 'body';
  const refuse = WORDING[issue.type];
  if (refuse) return refuse(param, issue);
  return badField(
    param,
    `Invalid type for '${param}': expected ${issue.expected}, but got ${issue.received} instead.`,
    'invalid_type',
  );
}

type Wording = (param: string, issue: v.BaseIssue<unknown>) => ApiError;

const outOfRange =
  (code: string): Wording =>
  (param, { expected, received }) =>
    badField(param, `Invalid '${param}': expected a value ${expected}, but got ${received} instead.`, code);

const WORDING: Readonly<Record<string, Wording>> = {
  strict_object: (param, { expected, received }) => {
    if (expected === 'never') return badField(param, `Unknown parameter: '${param}'.`, 'unknown_parameter');
    if (received === 'undefined')
      return badField(param, `Missing required parameter: '${param}'.`, 'missing_required_parameter');
    return badField(
      param,
      `Invalid type for '${param}': expected an object, but got ${received} instead.`,
      'invalid_type',
    );
  },
  picklist: (param, { input }) =>
    badField(param, `'${input}' is not one of [${PURPOSES.map(purpose => `'${purpose}'`).join(', ')}] - '${param}'`),
  literal: (param, { received, expected }) =>
    badField(param, `Invalid value: ${received}. Supported values are: ${expected} - '${param}'`),
  integer: (param, { received }) =>
    badField(param, `Invalid type for '${param}': expected an integer, but got ${received} instead.`, 'invalid_type'),
  min_value: outOfRange('integer_below_min_value'),
  max_value: outOfRange('integer_above_max_value'),
  non_empty: param => badField(param, `Invalid '${param}': empty string.`, 'empty_string'),
  min_length: param => badField(param, `Invalid '${param}': empty array.`, 'empty_array'),
  regex: param => badField(param, `Invalid '${param}': expected 32 hexadecimal digits.`),
};
