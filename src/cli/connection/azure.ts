/** Azure's API in saved uploads and wherever a destination is named: the full base URL, with this before it. */
const AZURE = 'azure:';

/**
 * The base URL of an Azure resource. With an `api-version` it is the classic API, without one the v1 API; an endpoint
 * that already names one of them is left as it is.
 */
export const azureBaseUrl = (endpoint: URL, version: string | undefined): URL => {
  const url = new URL(endpoint.origin + endpoint.pathname.replace(/\/+$/, ''));
  if (url.pathname.endsWith('/openai/v1')) return url;
  const root = url.pathname.replace(/\/(openai)?$/, '');
  url.pathname = version ? `${root}/openai` : `${root}/openai/v1`;
  if (version) url.searchParams.set('api-version', version);
  return url;
};

export const azureName = (baseUrl: URL): string => AZURE + baseUrl.href.replace(/\/+$/, '');

/** The base URL of a destination that is Azure's. */
export const azureUrlOf = (name: string): string | undefined =>
  name.startsWith(AZURE) ? name.slice(AZURE.length) : undefined;

/** The classic API: it knows no `expires_after`. */
export const isClassicAzure = (name: string): boolean =>
  new URL(azureUrlOf(name) ?? 'http://none').searchParams.has('api-version');
