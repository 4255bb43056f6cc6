import * as v from 'valibot';
import { ResultError } from '../error.ts';
import { record, text } from '../values.ts';
import { at, event } from './event.ts';

/** What notes are about. */
export const NoteReason = v.picklist([
  'lock-wait',
  'part-size-kept',
  'azure-classic',
  'looking-for-file',
  'notice',
  'cancel-failed',
  'reading-on',
  'deadline',
  'check',
]);

const warning = event('warning', {
  reason: v.pipe(text, v.description('A word of notes, or the name of a rule of the check.')),
  message: text,
  hint: v.optional(text),
});

const note = record({
  type: v.literal('note'),
  at,
  path: v.pipe(v.nullable(text), v.description('Null where it belongs to no file.')),
  reason: NoteReason,
  message: text,
});

export const messageEvents = [warning, note] as const;

export const FailureLine = event('error', ResultError.entries);
/** How a file's push ended that failed. */
export type FailureLine = v.InferOutput<typeof FailureLine>;
