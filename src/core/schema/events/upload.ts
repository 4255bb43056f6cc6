import * as v from 'valibot';
import { natural, positive, text } from '../values.ts';
import { event } from './event.ts';

const planned = event('upload.planned', { bytes: positive, parts: positive, part_size: positive });

const creating = event('upload.creating', {});

const identified = { upload_id: text, expires_at_ms: v.optional(natural) };

const created = event('upload.created', identified);

const resumed = v.pipe(
  event('upload.resumed', { ...identified, parts: natural, bytes: natural }),
  v.description('Parts and bytes that are already there.'),
);

export const StartReason = v.picklist([
  'no manifest',
  'asked to',
  'size changed',
  'content changed',
  'upload expired',
  'upload gone',
  'orphans counted',
  'nothing completed',
]);
/** Why an upload starts from its first byte; the reader is told. */
export type StartReason = v.InferOutput<typeof StartReason>;

const restarted = v.pipe(
  event('upload.restarted', { because: StartReason }),
  v.description('What was sent is thrown away, and the file starts from its first byte.'),
);

const completing = event('upload.completing', { upload_id: text });

const completed = event('upload.completed', {
  upload_id: text,
  file_id: text,
  md5: v.optional(v.pipe(text, v.description('What `complete` was given to verify.'))),
  file_expires_at_ms: v.optional(v.number()),
});

const skipped = v.pipe(
  event('upload.skipped', { file_id: text }),
  v.description('With --skip-uploaded: an earlier run uploaded these bytes, and the server still has them.'),
);

export const uploadEvents = [planned, creating, created, resumed, restarted, completing, completed, skipped] as const;
