import { MAX_PART_BYTES, MAX_SINGLE_REQUEST_BYTES } from '../core/limits.ts';
import { ApiError } from './api-error.ts';
import { authorize } from './authorize.ts';
import { completeUpload } from './complete.ts';
import type { Context } from './context.ts';
import type { Exchange } from './exchange.ts';
import type { Endpoint } from './fault.ts';
import type { Turn } from './fault-picker.ts';
import { fileTooLarge, uploadFile } from './file-upload.ts';
import { deleteFile, fileContent, listFiles, retrieveFile } from './files.ts';
import { MAX_JSON_BYTES, tooLarge } from './json-body.ts';
import { listModels } from './models.ts';
import type { Reply } from './reply.ts';
import { findRoute, type Route } from './routes.ts';
import { underFault } from './under-fault.ts';
import { addPart, cancelUpload, createUpload, partTooLarge } from './uploads.ts';

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
