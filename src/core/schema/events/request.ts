import * as v from 'valibot';
import { Trouble } from '../error.ts';
import { natural, positive, record, text } from '../values.ts';
import { at, event } from './event.ts';

/** The calls of the API. */
export const Endpoint = v.picklist(['create', 'part', 'complete', 'cancel', 'files', 'file', 'content', 'models']);
export type Endpoint = v.InferOutput<typeof Endpoint>;

const retrying = event('request.retrying', {
  endpoint: Endpoint,
  attempt: positive,
  delay_ms: natural,
  error: Trouble,
});

const closed = v.pipe(
  event('gate.closed', { until_ms: v.number(), delay_ms: natural }),
  v.description("No request starts before this instant, at the server's word."),
);

export const requestEvents = [retrying, closed] as const;

const headers = v.pipe(v.record(text, text), v.readonly(), v.description('With -vv; secrets are redacted.'));

const connection = v.pipe(
  record({ reused: v.boolean(), local: v.optional(text), remote: v.optional(text) }),
  v.description('With -vv.'),
);

const timings = v.pipe(
  v.record(text, v.number()),
  v.readonly(),
  v.description('With -vv: milliseconds of each phase that was passed.'),
);

export const RequestLine = v.pipe(
  record({
    type: v.literal('request'),
    at,
    path: v.pipe(v.null(), v.description('A request is identified by its URL, not by the file it is for.')),
    endpoint: Endpoint,
    method: text,
    url: text,
    attempt: positive,
    status: v.pipe(v.nullable(natural), v.description('Null where no answer came.')),
    failure: v.pipe(v.nullable(text), v.description('Why there is no whole answer, as error.reason has it.')),
    bytes_sent: natural,
    bytes_received: natural,
    duration_ms: natural,
    request_id: v.nullable(text),
    request_headers: v.optional(headers),
    response_headers: v.optional(headers),
    connection: v.optional(connection),
    timings_ms: v.optional(timings),
  }),
  v.description('With -v or -vv: one HTTP request. Lines of --log-file are the same, without path.'),
);
export type RequestLine = v.InferOutput<typeof RequestLine>;
