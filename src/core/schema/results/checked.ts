import * as v from 'valibot';
import { CheckService, findingFields } from '../check.ts';
import { ResultError } from '../error.ts';
import { list, natural, positive, record, text } from '../values.ts';

export const Counts = v.pipe(v.record(text, natural), v.readonly());
/** How many lines, or messages, have each value. */
export type Counts = v.InferOutput<typeof Counts>;

export const Summary = v.pipe(
  record({
    records: v.pipe(natural, v.description('Lines that hold an object.')),
    formats: Counts,
    roles: Counts,
    models: Counts,
    urls: Counts,
    images: natural,
    characters: natural,
    estimated_tokens: v.pipe(natural, v.description('One token for every 4 bytes of text, and 4 for each message.')),
    longest_line: v.nullable(record({ line: positive, bytes: natural })),
    largest_record: v.nullable(record({ line: positive, characters: natural, estimated_tokens: natural })),
  }),
  v.description('What the lines hold; null where the content was not read.'),
);
export type Summary = v.InferOutput<typeof Summary>;

export const CheckedFinding = record({
  ...findingFields,
  reason: v.pipe(text, v.description('The earlier name of rule.')),
});
export type CheckedFinding = v.InferOutput<typeof CheckedFinding>;

export const CheckedLine = v.pipe(
  record({
    path: text,
    purpose: text,
    ok: v.boolean(),
    lines: v.nullable(natural),
    bytes: v.nullable(natural),
    errors: list(CheckedFinding),
    errors_total: natural,
    warnings: list(CheckedFinding),
    warnings_total: natural,
    notes: list(CheckedFinding),
    notes_total: natural,
    service: CheckService,
    summary: v.nullable(Summary),
    error: v.optional(ResultError),
  }),
  v.description('check: one file.'),
);
export type CheckedLine = v.InferOutput<typeof CheckedLine>;
