import * as v from 'valibot';
import { natural, record, text } from '../values.ts';

/** `changed`: the file's size or time differs; its content is looked at when it resumes. */
const SavedState = v.picklist(['resumable', 'expired', 'completing', 'changed', 'missing']);
/** How a saved upload stands. */
export type SavedState = v.InferOutput<typeof SavedState>;

export const SavedLine = v.pipe(
  record({
    path: text,
    filename: text,
    purpose: text,
    bytes: natural,
    bytes_done: natural,
    parts: record({ total: natural, done: natural }),
    upload_id: text,
    expires_at: v.pipe(v.nullable(natural), v.description('Unix seconds.')),
    state: SavedState,
    base_url: text,
    created_at: v.pipe(natural, v.description('Unix seconds.')),
  }),
  v.description('list and show: one saved upload.'),
);
export type SavedLine = v.InferOutput<typeof SavedLine>;

export const CancelledLine = v.pipe(
  record({
    upload_id: text,
    path: text,
    status: v.picklist(['cancelled', 'gone', 'failed']),
    message: v.nullable(text),
  }),
  v.description('cancel: one upload.'),
);
export type CancelledLine = v.InferOutput<typeof CancelledLine>;

export const CleanedLine = v.pipe(
  record({ forgotten: natural, locks: natural, spools: natural }),
  v.description('clean.'),
);
export type CleanedLine = v.InferOutput<typeof CleanedLine>;
