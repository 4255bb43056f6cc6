import * as v from 'valibot';
import type { ApiFile } from '../schema/api-file.ts';
import { Id } from './ids.ts';
import { pruned } from './pruned.ts';

export type { ApiFile };

// Gateways write 64-bit integers as text. A value of any other type is taken as not given: none of these is needed.
const number = v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,16}$/), v.transform(Number))]);
const text = v.fallback(v.nullish(v.string()), undefined);

/** The last second that a Date can hold. */
const LAST_SECOND = 8.64e12;
const second = v.pipe(number, v.minValue(0), v.maxValue(LAST_SECOND), v.transform(Math.floor));
const instant = v.fallback(v.nullish(second), undefined);

/** What a File and an Upload both say of themselves. */
export const describedFields = {
  id: Id,
  bytes: v.fallback(v.nullish(number), undefined),
  created_at: instant,
  expires_at: instant,
  filename: text,
  purpose: text,
  status: text,
};

/** A File in a reply or in a journal. */
export const FileReply = v.pipe(
  v.looseObject({ ...describedFields, object: v.nullish(v.literal('file')) }),
  v.transform(file => pruned(file) as ApiFile),
);
