import type { Endpoint } from './faults/fault.ts';
import { ApiError } from './http/api-error.ts';

/** Where a request goes; `id` is the Upload's or the File's, or empty. */
export type Route = { readonly endpoint: Endpoint; readonly id: string };

const ROUTES: readonly (readonly [method: string, path: RegExp, endpoint: Endpoint])[] = [
  ['POST', /^\/v1\/uploads$/, 'create'],
  ['POST', /^\/v1\/uploads\/([^/]+)\/parts$/, 'part'],
  ['POST', /^\/v1\/uploads\/([^/]+)\/complete$/, 'complete'],
  ['POST', /^\/v1\/uploads\/([^/]+)\/cancel$/, 'cancel'],
  ['GET', /^\/v1\/files$/, 'files'],
  ['POST', /^\/v1\/files$/, 'upload-file'],
  ['GET', /^\/v1\/files\/([^/]+)$/, 'file'],
  ['DELETE', /^\/v1\/files\/([^/]+)$/, 'delete'],
  ['GET', /^\/v1\/files\/([^/]+)\/content$/, 'content'],
  ['GET', /^\/v1\/models$/, 'models'],
];

/** Finds the endpoint, or throws 404 or 405. */
export function findRoute(method: string, path: string): Route {
  const here = ROUTES.filter(([, pattern]) => pattern.test(path));
  const found = here.find(([wanted]) => wanted === method);
  if (found) return { endpoint: found[2], id: found[1].exec(path)?.[1] ?? '' };
  if (here.length === 0) throw new ApiError(404, `Invalid URL (${method} ${path})`);
  throw new ApiError(405, `Not allowed to ${method} on ${path}.`, { code: 'method_not_supported' });
}
