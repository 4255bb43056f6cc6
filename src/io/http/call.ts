import type { Endpoint } from '../../core/events/events.ts';
import type { Method } from './client.ts';
import type { MultipartBody } from './multipart.ts';

/** One HTTP request of the API. */
export type Call = {
  readonly endpoint: Endpoint;
  readonly method: Method;
  /** After the base URL, with its query. */
  readonly path: string;
  readonly json?: unknown;
  /** Read afresh each time it is sent. */
  readonly multipart?: MultipartBody;
};

/** The URL of a call. A base URL may have a query of its own: Azure's `api-version`. */
export const urlOf = (baseUrl: string, path: string): URL => {
  const [pathname = '', query] = path.split('?');
  const url = new URL(baseUrl);
  url.pathname = url.pathname.replace(/\/+$/, '') + pathname;
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.append(name, value);
  return url;
};

/** The headers that describe the body. */
export const bodyHeaders = ({ json, multipart }: Call): Record<string, string> => {
  if (multipart) return { 'content-type': multipart.contentType, 'content-length': String(multipart.contentLength) };
  return json === undefined ? {} : { 'content-type': 'application/json' };
};
