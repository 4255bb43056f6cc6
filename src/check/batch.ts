import { type Notebook, quoted } from './finding.ts';
import { isObject, type JsonObject, type Rules } from './record.ts';

/** Most requests of one batch. */
export const MAX_BATCH_LINES = 50_000;

/** Most bytes of a batch's file: documented as "200 MB", and the service names this number when it refuses more. */
export const MAX_BATCH_BYTES = 200 * 1024 ** 2;

const ENDPOINTS: readonly string[] = [
  '/v1/responses',
  '/v1/chat/completions',
  '/v1/embeddings',
  '/v1/completions',
  '/v1/moderations',
  '/v1/images/generations',
  '/v1/images/edits',
  '/v1/videos',
];

/** Requests, one a line: `{"custom_id", "method": "POST", "url", "body"}`. */
export const batchRules = (notes: Notebook): Rules => {
  const checkId = createIdCheck(notes);
  const [sameUrl, sameModel] = [createSame(notes, 'url'), createSame(notes, 'model')];
  return {
    record: (request, line) => {
      checkId(request, line);
      checkMethod(request, line, notes);
      const url = checkUrl(request, line, notes);
      if (url !== undefined && sameUrl(url, line)) warnOfUnknown(url, line, notes);
      const model = checkBody(request, line, notes)?.['model'];
      if (typeof model === 'string') sameModel(model, line);
    },
    end: lines => {
      if (lines > MAX_BATCH_LINES)
        notes.error(
          { line: null },
          'too-many-lines',
          `a batch takes at most ${MAX_BATCH_LINES} requests, this file has ${lines}: split it into several files`,
        );
    },
  };
};

/** Ids must differ. No more of them are remembered than a batch may have. */
function createIdCheck(notes: Notebook) {
  const lines = new Map<string, number>();
  return ({ custom_id: id }: JsonObject, line: number): void => {
    if (typeof id !== 'string') {
      notes.error({ line }, 'custom-id', `custom_id must be a string, and is ${quoted(id)}`);
      return;
    }
    const before = lines.get(id);
    if (before !== undefined)
      notes.error({ line }, 'duplicate-custom-id', `custom_id ${quoted(id)} is that of line ${before} too`);
    else if (lines.size < MAX_BATCH_LINES) lines.set(id, line);
  };
}

function checkMethod({ method }: JsonObject, line: number, notes: Notebook): void {
  if (method !== 'POST') notes.error({ line }, 'method', `method must be "POST", and is ${quoted(method)}`);
}

function checkUrl({ url }: JsonObject, line: number, notes: Notebook): string | undefined {
  if (typeof url === 'string' && /^\/v1\/[^\s]+$/.test(url)) return url;
  notes.error({ line }, 'url', `url must be a path like "/v1/chat/completions", and is ${quoted(url)}`);
  return undefined;
}

function warnOfUnknown(url: string, line: number, notes: Notebook): void {
  if (!ENDPOINTS.includes(url))
    notes.warning({ line }, 'unknown-endpoint', `${quoted(url)} is not among the documented endpoints of batches`);
}

function checkBody({ body }: JsonObject, line: number, notes: Notebook): JsonObject | undefined {
  if (isObject(body)) return body;
  notes.error({ line }, 'body', `body must be an object, and is ${quoted(body)}`);
  return undefined;
}

/** Warns once where lines differ that a batch wants alike; true for the first value. */
function createSame(notes: Notebook, field: 'url' | 'model') {
  let first: string | undefined;
  let warned = false;
  return (value: string, line: number): boolean => {
    if (first === undefined) {
      first = value;
      return true;
    }
    if (value === first || warned) return false;
    warned = true;
    const message = `a batch wants one ${field} on all lines: this one has ${quoted(value)}, earlier ones ${quoted(first)}`;
    notes.warning({ line }, `mixed-${field}s`, message);
    return false;
  };
}
