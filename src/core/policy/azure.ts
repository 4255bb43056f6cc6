import { normalUrl } from './base-url.ts';

/**
 * The base URL of an Azure resource. With an `api-version` it is the classic API, without one the v1 API; an endpoint
 * that already names one of them is left as it is. `origin` says where the endpoint comes from.
 */
export const azureBaseUrl = (endpoint: string, version: string | undefined, origin: string): string => {
  const named = new URL(normalUrl(endpoint, origin));
  const url = new URL(named.origin + named.pathname.replace(/\/+$/, ''));
  if (url.pathname.endsWith(V1)) return textOf(url);
  const root = url.pathname.replace(/\/(openai)?$/, '');
  url.pathname = version ? `${root}/openai` : root + V1;
  if (version) url.searchParams.set('api-version', version);
  return textOf(url);
};

const V1 = '/openai/v1';

const textOf = ({ href }: URL): string => href.replace(/\/+$/, '');

/** The version that the classic API has, where the base URL is one of it. It knows no `expires_after`. */
export const classicVersion = (baseUrl: string): string | undefined =>
  new URL(baseUrl).searchParams.get('api-version') ?? undefined;

/** The classic API of a resource that was spoken to on the v1 path. */
export const classicBaseUrl = (baseUrl: string, version: string): string =>
  azureBaseUrl(baseUrl.slice(0, -'/v1'.length), version, 'the base URL');
