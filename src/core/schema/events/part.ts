import * as v from 'valibot';
import { Trouble } from '../error.ts';
import { natural, positive, text } from '../values.ts';
import { event } from './event.ts';

const attempt = { part: positive, attempt: positive };

const changed = v.pipe(
  event('part.changed', { part: positive, size: positive }),
  v.description('A saved part no longer matches the file: it is sent again.'),
);

const started = event('part.started', { ...attempt, size: positive });

const progress = v.pipe(
  event('part.progress', { ...attempt, sent: natural }),
  v.description('Absolute: bytes of this attempt so far. At most ten a second.'),
);

const retrying = event('part.retrying', { ...attempt, sent: natural, delay_ms: natural, error: Trouble });

const accepted = v.pipe(
  event('part.accepted', { ...attempt, http_status: natural, request_id: v.optional(text) }),
  v.description('The server has it; it is finished once that is on disk too.'),
);

const finished = event('part.finished', { part: positive, size: positive, part_id: text });

const stopped = v.pipe(
  event('part.stopped', { ...attempt, sent: natural }),
  v.description('The attempt ended because the run did.'),
);

export const partEvents = [changed, started, progress, retrying, accepted, finished, stopped] as const;
