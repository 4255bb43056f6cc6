import type { Endpoint } from './faults/fault.ts';
import { ApiError } from './http/api-error.ts';

/** Where a request goes; `id` is the Upload's or the File's, or empty. */
export type Route = { readonly endpoint: Endpoint; readonly id: string };

/** OpenAI's root, and those of an Azure resource: its v1 API, and the classic one, which comes with an `api-version`. */
const ROOT = /^\/(?:v1|openai\/v1|openai)(?=\/)/;

const ROUTES: readonly (readonly [method: string, path: RegExp, endpoint: Endpoint])[] = [
  ['POST', /^\/uploads$/, 'create'],
  ['POST', /^\/uploads\/([^/]+)\/parts$/, 'part'],
  ['POST', /^\/uploads\/([^/]+)\/complete$/, 'complete'],
  ['POST', /^\/uploads\/([^/]+)\/cancel$/, 'cancel'],
  ['GET', /^\/files$/, 'files'],
  ['POST', /^\/files$/, 'upload-file'],
  ['GET', /^\/files\/([^/]+)$/, 'file'],
  ['DELETE', /^\/files\/([^/]+)$/, 'delete'],
  ['GET', /^\/files\/([^/]+)\/content$/, 'content'],
  ['GET', /^\/models$/, 'models'],
];

/** Finds the endpoint, or throws 404 or 405. */
export function findRoute(method: string, path: string): Route {
  const below = ROOT.test(path) ? path.replace(ROOT, '') : '';
  const here = ROUTES.filter(([, pattern]) => pattern.test(below));
  const found = here.find(([wanted]) => wanted === method);
  if (found) return { endpoint: found[2], id: found[1].exec(below)?.[1] ?? '' };
  if (here.length === 0) throw new ApiError(404, `Invalid URL (${method} ${path})`);
  throw new ApiError(405, `Not allowed to ${method} on ${path}.`, { code: 'method_not_supported' });
}
