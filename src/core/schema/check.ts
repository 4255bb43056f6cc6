import * as v from 'valibot';
import { list, natural, record, text } from './values.ts';

export const FindingLevel = v.picklist(['error', 'warning', 'note']);

export const CheckService = v.pipe(
  v.picklist(['openai', 'azure', 'other']),
  v.description('Whose rules apply. other: limits and lists of OpenAI are warnings.'),
);
export type CheckService = v.InferOutput<typeof CheckService>;

/** What every finding says. */
export const findingFields = {
  rule: v.pipe(text, v.description('A stable word, for scripts.')),
  level: FindingLevel,
  line: v.pipe(v.nullable(natural), v.description('From 1; null where it is about the file as a whole.')),
  column: v.pipe(
    v.nullable(natural),
    v.description(
      'From 1, in characters of the line, in bytes where it is not UTF-8; null where it is about the line as a whole.',
    ),
  ),
  message: text,
  hint: v.optional(text),
};

/** One thing that is wrong, or looks wrong. */
export const Finding = record(findingFields);
export type Finding = v.InferOutput<typeof Finding>;

export const CheckReport = v.pipe(
  record({
    lines: v.pipe(v.nullable(natural), v.description('Null where not all lines were read.')),
    errors: natural,
    warnings: natural,
    findings: v.pipe(list(Finding), v.description('The first of them, in the order of the file.')),
  }),
  v.description('What the check of the lines found; absent where they were not checked.'),
);
export type CheckReport = v.InferOutput<typeof CheckReport>;
