import { MAX_PART_BYTES, MAX_SINGLE_REQUEST_BYTES } from '../core/model/limits.ts';
import { completeUpload } from './endpoints/complete.ts';
import { fileTooLarge, uploadFile } from './endpoints/file-upload.ts';
import { deleteFile, fileContent, listFiles, retrieveFile } from './endpoints/files.ts';
import { listModels } from './endpoints/models.ts';
import { addPart, cancelUpload, createUpload, partTooLarge } from './endpoints/uploads.ts';
import type { Endpoint } from './faults/fault.ts';
import type { Turn } from './faults/fault-picker.ts';
import { underFault } from './faults/under-fault.ts';
import { MAX_JSON_BYTES, tooLarge } from './form/json-body.ts';
import { ApiError } from './http/api-error.ts';
import { authorize } from './http/authorize.ts';
import type { Context } from './http/context.ts';
import type { Exchange } from './http/exchange.ts';
import type { Reply } from './http/reply.ts';
import { requireLocal } from './http/require-local.ts';
import { findRoute, type Route } from './routes.ts';

type Operation = (exchange: Exchange, context: Context, id: string) => Promise<Reply>;

const OPERATIONS: Readonly<Record<Endpoint, Operation>> = {
  create: createUpload,
  part: addPart,
  complete: completeUpload,
  cancel: cancelUpload,
  files: listFiles,
  file: retrieveFile,
  content: fileContent,
  delete: deleteFile,
  'upload-file': uploadFile,
  models: listModels,
};

/** Takes a request to its answer, or throws the refusal. Nothing of the body is read before the key is known good. */
export async function perform(exchange: Exchange, context: Context): Promise<Reply> {
  const route = findRoute(exchange.request.method ?? '', exchange.path);
  exchange.route = route;
  if (context.options.key === undefined) requireLocal(exchange.request, context.options.host);
  authorize(exchange.request, context.options.key);
  refuseTooLong(exchange, route.endpoint);
  return route.endpoint === 'part'
    ? oneOfAFew(context, () => takeTurn(exchange, context, route))
    : takeTurn(exchange, context, route);
}

async function takeTurn(exchange: Exchange, context: Context, route: Route): Promise<Reply> {
  const turn = await identify(exchange, context, route);
  exchange.turn = turn;
  return underFault(exchange, turn.fault, () => OPERATIONS[route.endpoint](exchange, context, route.id));
}

// Which part it is stands in the filename, in the head of the form.
async function identify({ body }: Exchange, { pickFault }: Context, { endpoint, id: uploadId }: Route): Promise<Turn> {
  if (endpoint !== 'part') return pickFault({ endpoint, uploadId });
  const head = await body.peek(seen => seen.includes('\r\n\r\n') || seen.length > 16 * 1024);
  const number = /filename="[^"\r\n]*part-0*(\d+)/i.exec(head.toString('latin1', 0, 16 * 1024))?.[1];
  return pickFault({ endpoint, uploadId, ...(number !== undefined && { partNumber: Number(number) }) });
}

async function oneOfAFew(context: Context, run: () => Promise<Reply>): Promise<Reply> {
  const { inFlight, options } = context;
  if (inFlight.parts >= (options.maxInflight ?? Number.POSITIVE_INFINITY)) {
    throw new ApiError(503, 'Too many parts are being sent at once.', {
      type: 'service_unavailable_error',
      code: 'server_is_overloaded',
      headers: { 'retry-after': '1' },
    });
  }
  inFlight.parts += 1;
  try {
    return await run();
  } finally {
    inFlight.parts -= 1;
  }
}

const ENVELOPE_BYTES = 32 * 1024;

const LONGEST: Readonly<Partial<Record<Endpoint, readonly [bytes: number, refuse: () => ApiError]>>> = {
  create: [MAX_JSON_BYTES, tooLarge],
  complete: [MAX_JSON_BYTES, tooLarge],
  part: [MAX_PART_BYTES + ENVELOPE_BYTES, partTooLarge],
  'upload-file': [MAX_SINGLE_REQUEST_BYTES + ENVELOPE_BYTES, fileTooLarge],
};

function refuseTooLong({ request }: Exchange, endpoint: Endpoint): void {
  const [longest, refuse] = LONGEST[endpoint] ?? [Number.POSITIVE_INFINITY, tooLarge];
  if (Number(request.headers['content-length'] ?? 0) > longest) throw refuse();
}
