import * as v from 'valibot';

const ENDPOINTS = [
  'create',
  'part',
  'complete',
  'cancel',
  'files',
  'file',
  'content',
  'delete',
  'upload-file',
  'models',
] as const;

const ACTIONS = [
  'status',
  'early-status',
  'reset-before',
  'reset-in-body',
  'reset-after-body',
  'lose-reply',
  'stall',
  'slow',
  'truncate-reply',
  'reply',
] as const;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const ordinal = v.pipe(v.number(), v.integer(), v.minValue(1));

const FaultRow = v.strictObject({
  endpoint: v.picklist([...ENDPOINTS, '*']),
  part: v.exactOptional(ordinal),
  attempt: v.exactOptional(v.union([ordinal, v.pipe(v.array(ordinal), v.readonly())])),
  chance: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  seed: v.exactOptional(v.pipe(v.number(), v.integer())),
  do: v.picklist(ACTIONS),
  status: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599))),
  headers: v.exactOptional(v.pipe(v.record(v.string(), v.string()), v.readonly())),
  body: v.exactOptional(v.union([v.string(), v.record(v.string(), v.unknown()), v.array(v.unknown())])),
  afterBytes: v.exactOptional(count),
  keepOpen: v.exactOptional(v.boolean()),
  bytesPerSecond: v.exactOptional(ordinal),
  delayMs: v.exactOptional(count),
});

export type Endpoint = (typeof ENDPOINTS)[number];

/**
 * One thing that goes wrong. The first row that matches a request wins; a request without a row goes well.
 *
 * Which request:
 * - `endpoint`: create, part, complete, cancel, files (the list), file (one File), content, delete,
 *   upload-file (`POST /files`), models, or `*`.
 * - `part`: its number, from a filename like `part-3`, else its place in the order of arrival in its Upload.
 * - `attempt`: a number or several, from 1: requests to that endpoint, for parts to that part of that Upload,
 *   for `*` requests in all. Absent: every one.
 * - `chance`: 0 to 1, by a generator that `seed` starts (1 unless told): the same seed, the same faults.
 *
 * What happens (`do`):
 * - `status`: the body is read, nothing is stored, and `status` (500) is the answer, with `headers` and `body`.
 * - `early-status`: the same after `afterBytes` (0) of the body, while the rest is still on its way;
 *   the connection closes then, or with `keepOpen` reads on.
 * - `reset-before`, `reset-in-body` (after `afterBytes`), `reset-after-body`: RST, nothing stored.
 * - `lose-reply`: carried out and stored, then RST instead of an answer.
 * - `stall`: reading stops after `afterBytes`, or without it after the whole body; nothing stored, no answer ever.
 * - `slow`: the body is read at `bytesPerSecond`, and all goes well.
 * - `truncate-reply`: carried out, but the answer breaks off in the middle.
 * - `reply`: carried out, but `status` (200), `headers` and `body` (empty) are the answer.
 *
 * A text `body` is sent as it is (`text/html` if it starts with `<`), anything else as JSON; `headers` win.
 * `delayMs` is waited before the act, so a `lose-reply` with a long one is a request carried out and never answered.
 */
export type Fault = Readonly<v.InferOutput<typeof FaultRow>>;

/** Reads a list of faults from JSON. Throws one sentence that names the row. */
export function parseFaults(text: string): readonly Fault[] {
  const rows = parseJson(text);
  if (!Array.isArray(rows)) throw new Error('Faults are a JSON array of rows.');
  return rows.map(parseRow);
}

function parseRow(row: unknown, index: number): Fault {
  const result = v.safeParse(FaultRow, row);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue);
  throw new Error(`Fault ${index + 1}${field ? `, "${field}"` : ''}: ${issue.message}.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`Faults are not JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
