import { usageError } from '../errors/errors.ts';

export const DEFAULT_BASE_URL = 'https://api.openai.com/v1';

/** A base URL in one spelling: saved uploads are found by it. `origin` says where it comes from. */
export const normalUrl = (text: string, origin: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw usageError(`the base URL needs a scheme, like https://host/v1: "${text}"`, `see ${origin}`);
  }
  if (url.username || url.password) throw usageError('the base URL must not hold a user name or password');
  return url.href.replace(/\/+$/, '');
};

/** What follows the base URL in the paths of the API. */
const ENDPOINT = /\/(uploads|files|models|batches|responses|embeddings|(chat\/)?completions)(\/.*)?$/;

/** The base URL that was most likely meant, where this one names an endpoint or has no version; otherwise nothing. */
export const likelyBaseUrl = (baseUrl: string): string | undefined => {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || url.pathname.includes('/openai')) return undefined;
  const path = url.pathname.replace(/\/+$/, '').replace(ENDPOINT, '');
  url.pathname = /\/v\d+(\/|$)/.test(path) ? path : `${path}/v1`;
  const likely = url.href.replace(/\/+$/, '');
  return likely === baseUrl.replace(/\/+$/, '') ? undefined : likely;
};
