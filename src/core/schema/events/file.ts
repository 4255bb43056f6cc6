import * as v from 'valibot';
import { natural, text } from '../values.ts';
import { event } from './event.ts';

// What is read, and what becomes of the File.

const spooling = v.pipe(
  event('stdin.progress', { received: natural }),
  v.description('Absolute: bytes of stdin so far, which are kept in a file before they are sent.'),
);

const hashing = v.pipe(event('digest.progress', { hashed: natural }), v.description('Absolute: bytes hashed so far.'));

const processing = v.pipe(
  event('file.processing', { file_id: text, status: v.nullable(text) }),
  v.description('With --wait: not processed yet.'),
);

const processed = event('file.processed', { file_id: text });

const comparing = v.pipe(
  event('content.progress', { received: natural, bytes: natural }),
  v.description('verify: bytes of the File that were read back.'),
);

export const fileEvents = [spooling, hashing, processing, processed, comparing] as const;
