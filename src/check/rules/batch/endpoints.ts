import { isAbsent, type JsonObject } from '../../json/object.ts';
import type { Service } from '../../types.ts';

/** A documented endpoint of batches. */
export type Endpoint = {
  /** Required by the API's description; of several, one will do. */
  readonly needs: readonly string[];
  /** Whether the API's description names a default model. */
  readonly hasDefaultModel?: boolean;
};

// SDK types of batches (2026-08), and the required fields of each endpoint. Responses takes a stored prompt for input.
const ENDPOINTS = new Map<string, Endpoint>([
  ['/v1/responses', { needs: ['input', 'prompt'] }],
  ['/v1/chat/completions', { needs: ['messages'] }],
  ['/v1/embeddings', { needs: ['input'] }],
  ['/v1/completions', { needs: ['prompt'] }],
  ['/v1/moderations', { needs: ['input'], hasDefaultModel: true }],
  ['/v1/images/generations', { needs: ['prompt'], hasDefaultModel: true }],
  ['/v1/images/edits', { needs: ['prompt'], hasDefaultModel: true }],
  ['/v1/videos', { needs: ['prompt'], hasDefaultModel: true }],
]);

/** The endpoint of a url; Azure's documentation writes it without `/v1` too. */
export const endpointOf = (url: unknown): Endpoint | undefined =>
  typeof url === 'string' ? (ENDPOINTS.get(url) ?? ENDPOINTS.get(`/v1${url}`)) : undefined;

/** Whether the service's documentation lists a url. */
export const isDocumented = (url: string, service: Service): boolean =>
  ENDPOINTS.has(url) || (service === 'azure' && ENDPOINTS.has(`/v1${url}`));

export const isPath = (url: unknown): url is string => typeof url === 'string' && /^\/[^\s/][^\s]*$/.test(url);

/** Whether the model may be left out: the endpoint, or a stored prompt, names one. */
export const hasDefaultModel = ({ url }: JsonObject, body: JsonObject): boolean => {
  const endpoint = endpointOf(url);
  return (
    endpoint?.hasDefaultModel === true || (endpoint?.needs.includes('input') === true && !isAbsent(body['prompt']))
  );
};

/** How many inputs a request for embeddings has: a text, or the tokens of one, is one input. */
export const inputsOf = (input: unknown): number =>
  Array.isArray(input) && typeof input[0] !== 'number' ? input.length : 1;
