import * as v from 'valibot';
import { record, text } from '../values.ts';

/** An event of one file: what every one says, and its own fields. */
export const event = <const Type extends string, Entries extends v.ObjectEntries>(type: Type, entries: Entries) =>
  record({ type: v.literal(type), at, path: text, ...entries });

export const at = v.pipe(text, v.isoTimestamp());
