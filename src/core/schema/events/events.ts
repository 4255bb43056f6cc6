import * as v from 'valibot';
import { Reason, Trouble } from '../error.ts';
import { fileEvents } from './file.ts';
import { FailureLine, messageEvents } from './message.ts';
import { partEvents } from './part.ts';
import { RequestLine, requestEvents } from './request.ts';
import { uploadEvents } from './upload.ts';

/** What happens to one file. */
export const TransferLine = v.union([
  ...uploadEvents,
  ...partEvents,
  ...requestEvents,
  ...fileEvents,
  ...messageEvents,
]);
export type TransferLine = v.InferOutput<typeof TransferLine>;

/** A line of stderr with `--progress=json`. */
export const EventLine = v.pipe(
  v.union([...TransferLine.options, RequestLine, FailureLine]),
  v.title('An event of oai-upload'),
  v.description('One line of stderr with --progress=json. Types and fields may be added; none is removed or renamed.'),
);
export type EventLine = v.InferOutput<typeof EventLine>;

export const eventDefinitions = { reason: Reason, trouble: Trouble };
