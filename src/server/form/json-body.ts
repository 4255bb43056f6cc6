import { parseObject } from '../endpoints/schemas.ts';
import { ApiError } from '../http/api-error.ts';
import type { Exchange } from '../http/exchange.ts';

/** More than 10,000 part ids need. */
export const MAX_JSON_BYTES = 4 * 1024 ** 2;

/** `curl -d` names the second of these for whatever it sends. */
const JSON_TYPES = /^(application\/json|application\/x-www-form-urlencoded)\s*(;|$)/i;

/** The whole body, which must be a JSON object. */
export async function readJson({ request, body }: Exchange): Promise<object> {
  const type = request.headers['content-type'] ?? 'application/json';
  if (!JSON_TYPES.test(type)) {
    throw new ApiError(
      400,
      `Unsupported content type: '${type}'. This API method only accepts 'application/json' requests.`,
      {
        code: 'unsupported_content_type',
      },
    );
  }
  const chunks: Buffer[] = [];
  for await (const chunk of body.chunks()) {
    if (body.received() > MAX_JSON_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return parseObject(Buffer.concat(chunks));
}

/** For a request that is documented without a body. */
export async function refuseBody({ body }: Exchange): Promise<void> {
  const first = await body.chunks().next();
  if (!first.done) throw new ApiError(400, 'This API method takes no body.');
}

export const tooLarge = (): ApiError => new ApiError(413, 'Request Entity Too Large');
