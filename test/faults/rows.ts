import type { Fault } from '../../src/server/server.ts';
import { AGAIN, ANSWER_LOST, type Endpoint, type Expected, MALFORMED, refused, TOO_LONG } from './outcomes.ts';

type Act = Omit<Fault, 'endpoint' | 'part' | 'attempt'>;

/** One row of the matrix: what goes wrong, and what must come of it wherever it goes wrong. */
export type Row = {
  readonly name: string;
  /** What befalls a request of this endpoint. */
  readonly act: (endpoint: Endpoint) => Act;
  readonly expected: Expected;
  /** What is not plain HTTP: the name service, the certificate, the line. */
  readonly line?: 'dns' | 'tls' | 'trickle';
  readonly flags?: readonly string[];
  /** Parts large enough that an answer comes before the body is out. */
  readonly largeParts?: boolean;
  /** A word of the error of each run that failed under it. */
  readonly reason?: string;
};

const NO_BODY = 'it has no body';
const ONE_PACKET = 'its body is one packet: there is no middle of it';
const ASKED_FOR_ONLY = 'a question carries nothing out: as a reset before it';

const status = (status: number, headers: Record<string, string> = {}, body?: Act['body']): (() => Act) => {
  const act: Act = { do: 'status', status, headers, ...(body !== undefined && { body }) };
  return () => act;
};
const on429 = (retryAfter: string) => status(429, { 'retry-after': retryAfter });
const IN_A_FEW_SECONDS = 3000;
const LIE = 'another upload';

export const rows: readonly Row[] = [
  { name: '408', act: status(408), expected: AGAIN, reason: 'http-408' },
  { name: '409', act: status(409), expected: AGAIN, reason: 'http-409' },
  { name: '429', act: status(429), expected: AGAIN, reason: 'http-429' },
  { name: '429 Retry-After: 1', act: on429('1'), expected: AGAIN },
  {
    name: '429 Retry-After: date',
    act: () => on429(new Date(Date.now() + IN_A_FEW_SECONDS).toUTCString())(),
    expected: AGAIN,
  },
  { name: '429 Retry-After: 0', act: on429('0'), expected: AGAIN },
  { name: '429 Retry-After: -1', act: on429('-1'), expected: AGAIN },
  { name: '429 Retry-After: 1e9', act: on429('1000000000'), expected: TOO_LONG, reason: 'retry-after-too-long' },
  { name: '500', act: status(500), expected: AGAIN, reason: 'http-500' },
  {
    name: '502 HTML',
    act: status(502, {}, '<html><h1>502 Bad Gateway</h1></html>'),
    expected: AGAIN,
    reason: 'http-502',
  },
  { name: '503', act: status(503), expected: AGAIN, reason: 'http-503' },
  { name: '503 Retry-After: 1', act: status(503, { 'retry-after': '1' }), expected: AGAIN },
  { name: '504', act: status(504), expected: AGAIN, reason: 'http-504' },
  { name: 'reset before the body', act: () => ({ do: 'reset-before' }), expected: AGAIN, reason: 'connection-reset' },
  {
    name: 'reset in the body',
    act: () => ({ do: 'reset-in-body', afterBytes: 64 * 1024 }),
    expected: { ...AGAIN, create: ONE_PACKET, complete: ONE_PACKET, cancel: NO_BODY, files: NO_BODY },
    largeParts: true,
    reason: 'connection-reset',
  },
  {
    name: 'reset after the body',
    act: () => ({ do: 'reset-after-body' }),
    expected: { ...AGAIN, cancel: NO_BODY, files: NO_BODY },
    reason: 'connection-reset',
  },
  {
    name: 'early 503, then close',
    act: () => ({ do: 'early-status', status: 503, afterBytes: 64 * 1024 }),
    expected: { ...AGAIN, create: ONE_PACKET, complete: ONE_PACKET, cancel: NO_BODY, files: NO_BODY },
    largeParts: true,
    reason: 'http-503',
  },
  {
    name: 'early 503, kept open',
    act: () => ({ do: 'early-status', status: 503, afterBytes: 64 * 1024, keepOpen: true }),
    expected: { ...AGAIN, create: ONE_PACKET, complete: ONE_PACKET, cancel: NO_BODY, files: NO_BODY },
    largeParts: true,
    reason: 'http-503',
  },
  { name: 'lost reply', act: () => ({ do: 'lose-reply' }), expected: { ...ANSWER_LOST, files: ASKED_FOR_ONLY } },
  {
    name: 'reply breaks off',
    act: () => ({ do: 'truncate-reply' }),
    // The second request is refused, since the first was carried out; the status line of a refusal counts even where its
    // body breaks off. So nothing is asked a third time.
    expected: {
      ...ANSWER_LOST,
      complete: ['0 2 - 1', '0 4 - 1', '0 2 - 1'],
      cancel: ['0 2 - 0', '5 4 yes 0', '0 2 - 0'],
    },
  },
  {
    name: 'stall',
    act: () => ({ do: 'stall' }),
    expected: AGAIN,
    flags: ['--stall-timeout', '2s'],
    reason: 'stalled',
  },
  {
    name: 'stall in the body',
    act: () => ({ do: 'stall', afterBytes: 64 * 1024 }),
    expected: { ...AGAIN, create: ONE_PACKET, complete: ONE_PACKET, cancel: NO_BODY, files: NO_BODY },
    flags: ['--stall-timeout', '2s'],
    largeParts: true,
    reason: 'stalled',
  },
  {
    // Scaled: a byte each 10 ms against a stall timeout of 4 s, as one in 150 ms against 60 s is.
    name: 'a byte at a time',
    act: () => ({ do: 'slow' }),
    line: 'trickle',
    flags: ['--stall-timeout', '4s'],
    expected: {
      create: ['', '', '0 1 - 1'],
      part: ['', '', '0 1 - 1'],
      complete: ['', '', '0 1 - 1'],
      cancel: ['', '', '0 1 - 0'],
      files: ['', '', '0 1 - 1'],
    },
  },
  {
    name: 'half JSON',
    act: status(200, { 'content-type': 'application/json' }, '{"id": "upload_0", "object": "up'),
    expected: MALFORMED,
    reason: 'malformed-reply',
  },
  { name: 'empty 200', act: status(200, {}, ''), expected: MALFORMED, reason: 'malformed-reply' },
  {
    name: 'empty 200, carried out',
    act: () => ({ do: 'reply' }),
    expected: {
      ...MALFORMED,
      complete: ['0 2 - 1', '0 4 - 1', '0 3 - 1'],
      files: ASKED_FOR_ONLY,
    },
  },
  {
    name: "another upload's reply",
    act: endpoint => ({ do: 'status', status: 200, body: LIES[endpoint] ?? {} }),
    expected: { ...MALFORMED, files: 'a list is of no upload' },
    reason: 'malformed-reply',
  },
  {
    name: 'DNS failure',
    act: () => ({ do: 'reset-before' }),
    line: 'dns',
    reason: 'dns',
    // The server sees what was asked before the name was lost: nothing, one reset, or all but the last attempt.
    expected: {
      create: ['0 1 - 1', '5 3 no 0', '5 0 no 0'],
      part: ['0 2 - 1', '5 3 yes 0', '5 1 yes 0'],
      complete: ['0 2 - 1', '5 3 yes 0', '5 1 yes 0'],
      cancel: ['0 1 - 0', '5 3 yes 0', '5 0 yes 0'],
      files: ['0 2 - 1', '5 2 yes 1', '5 1 yes 1'],
    },
  },
  {
    name: 'TLS failure',
    act: () => ({ do: 'slow' }),
    line: 'tls',
    reason: 'tls',
    expected: {
      create: ['', '', '5 0 no 0'],
      part: 'a connection that stands has its certificate behind it',
      complete: 'as part',
      cancel: ['', '', '5 0 yes 0'],
      files: 'as part',
    },
  },
  { name: '401', act: status(401), expected: refused(4), reason: 'http-401' },
  { name: '403', act: status(403), expected: refused(4), reason: 'http-403' },
  {
    name: '400',
    act: status(400),
    expected: {
      ...refused(6),
      cancel: ['0 1 - 0', '0 4 - 0', '0 1 - 0'],
      files: ['9 1 yes 1', '9 3 yes 1', '9 1 yes 1'],
    },
    reason: 'http-400',
  },
  {
    // The list is not there: cancel was refused, so the File exists, and nobody can tell which it is.
    name: '404',
    act: status(404),
    expected: {
      ...refused(6),
      cancel: ['0 1 - 0', '0 4 - 0', '0 1 - 0'],
      files: ['9 1 yes 1', '9 3 yes 1', '9 1 yes 1'],
    },
    reason: 'http-404',
  },
  {
    name: '413',
    act: status(413),
    expected: { ...refused(6), files: ['9 1 yes 1', '9 3 yes 1', '9 1 yes 1'] },
  },
  { name: '307', act: status(307, { location: 'http://elsewhere.invalid/' }), expected: refused(6) },
  {
    name: '429 quota',
    act: status(429, {}, { error: { message: 'You exceeded your quota.', code: 'insufficient_quota' } }),
    expected: refused(6),
    reason: 'quota',
  },
  { name: '503 x-should-retry: false', act: status(503, { 'x-should-retry': 'false' }), expected: refused(5) },
  {
    name: '400 x-should-retry: true',
    act: status(400, { 'x-should-retry': 'true' }),
    expected: {
      create: ['0 2 - 1', '6 4 no 0', '6 4 no 0'],
      part: ['0 2 - 1', '6 4 yes 0', '6 4 yes 0'],
      complete: ['0 2 - 1', '6 4 yes 0', '6 4 yes 0'],
      cancel: ['0 2 - 0', '0 4 - 0', '0 4 - 0'],
      files: ['0 2 - 1', '9 3 yes 1', '9 3 yes 1'],
    },
  },
];

const LIES: Partial<Record<Endpoint, Record<string, unknown>>> = {
  create: { id: 'upload_other', object: 'upload', bytes: 7, filename: LIE, purpose: 'user_data', status: 'pending' },
  part: { id: 'part_other', object: 'upload.part', upload_id: 'upload_other' },
  complete: {
    id: 'upload_other',
    object: 'upload',
    status: 'completed',
    file: { id: 'file-other', object: 'file', filename: LIE },
  },
  cancel: { id: 'upload_other', object: 'upload', status: 'cancelled' },
};
