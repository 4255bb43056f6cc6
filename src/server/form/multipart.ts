import { ApiError } from '../http/api-error.ts';

const CR = 13;
const MAX_HEAD_BYTES = 16 * 1024;

export type MultipartEvent =
  | { readonly kind: 'head'; readonly text: string }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'end' };

/** Reads a multipart body chunk by chunk; payload comes out as views of the chunks, never copied whole. */
export type MultipartReader = {
  push(chunk: Buffer): readonly MultipartEvent[];
  /** Throws unless the closing boundary was there. */
  finish(): void;
};

type State = 'start' | 'delimiter' | 'head' | 'payload' | 'epilogue';
/** What a step took, what it found, and where reading goes on; undefined: more bytes are needed. */
type Step = { readonly used: number; readonly state: State; readonly events: readonly MultipartEvent[] } | undefined;

export function createMultipartReader(boundary: string): MultipartReader {
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  let state: State = 'start';
  let carry: Buffer = Buffer.alloc(0);

  return {
    push(chunk) {
      const events: MultipartEvent[] = [];
      let rest = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk;
      while (rest.length > 0) {
        const step = STEPS[state](rest, delimiter);
        if (!step) break;
        events.push(...step.events);
        state = step.state;
        rest = rest.subarray(step.used);
        if (step.used === 0) break;
      }
      carry = rest;
      return events;
    },
    finish() {
      if (state !== 'epilogue') throw malformed('it ends before the closing boundary');
    },
  };
}

const STEPS: Readonly<Record<State, (bytes: Buffer, delimiter: Buffer) => Step>> = {
  start: readStart,
  delimiter: readDelimiter,
  head: readHead,
  payload: readPayload,
  epilogue: readEpilogue,
};

/** What may stand before the first boundary, to be ignored (RFC 2046, 5.1.1). */
const MAX_PREAMBLE_BYTES = 16 * 1024;

// The first boundary has no line break before it, unless there is a preamble.
function readStart(bytes: Buffer, delimiter: Buffer): Step {
  const opening = delimiter.subarray(2);
  const seen = Math.min(bytes.length, opening.length);
  if (bytes.compare(opening, 0, seen, 0, seen) === 0)
    return seen < opening.length ? undefined : { used: seen, state: 'delimiter', events: [] };
  const at = bytes.indexOf(delimiter);
  if (at >= 0 && at <= MAX_PREAMBLE_BYTES) return { used: at + delimiter.length, state: 'delimiter', events: [] };
  if (bytes.length > MAX_PREAMBLE_BYTES) throw malformed('it does not start with its boundary');
  return undefined;
}

// The line break stays, so that a head without any field ends like every other.
function readDelimiter(bytes: Buffer): Step {
  if (bytes.length < 2) return undefined;
  const mark = bytes.toString('latin1', 0, 2);
  if (mark === '--') return { used: 2, state: 'epilogue', events: [] };
  if (mark !== '\r\n') throw malformed('a boundary is followed by neither a line break nor its end');
  return readHead(bytes) ?? { used: 0, state: 'head', events: [] };
}

function readHead(bytes: Buffer): Step {
  const end = bytes.indexOf('\r\n\r\n');
  if (end > MAX_HEAD_BYTES || (end < 0 && bytes.length > MAX_HEAD_BYTES))
    throw malformed('the head of a part is too long');
  if (end < 0) return undefined;
  return { used: end + 4, state: 'payload', events: [{ kind: 'head', text: bytes.toString('utf8', 2, end) }] };
}

function readPayload(bytes: Buffer, delimiter: Buffer): Step {
  const end = bytes.indexOf(delimiter);
  const free = end < 0 ? bytes.length - heldBack(bytes, delimiter) : end;
  const data: readonly MultipartEvent[] = free > 0 ? [{ kind: 'data', bytes: bytes.subarray(0, free) }] : [];
  if (end < 0) return { used: free, state: 'payload', events: data };
  return { used: end + delimiter.length, state: 'delimiter', events: [...data, { kind: 'end' }] };
}

// Bytes at the end that may be the delimiter's beginning: it has one CR, its first byte.
function heldBack(bytes: Buffer, delimiter: Buffer): number {
  const from = Math.max(0, bytes.length - delimiter.length + 1);
  for (let at = bytes.indexOf(CR, from); at >= 0; at = bytes.indexOf(CR, at + 1)) {
    if (bytes.compare(delimiter, 0, bytes.length - at, at) === 0) return bytes.length - at;
  }
  return 0;
}

// Whatever follows is to be ignored (RFC 2046, 5.1.1).
function readEpilogue(bytes: Buffer): Step {
  return { used: bytes.length, state: 'epilogue', events: [] };
}

export const malformed = (why: string): ApiError =>
  new ApiError(400, `Could not parse multipart form: ${why}.`, { code: 'invalid_multipart' });
