import { UploadError } from '../../core/errors/errors.ts';
import type { Destination } from '../../core/model/destination.ts';
import { azureBaseUrl, classicVersion } from '../../core/policy/azure.ts';
import { normalUrl } from '../../core/policy/base-url.ts';
import type { Environment } from '../options/resolve.ts';
import type { DestinationOptions } from './connection.ts';

/**
 * Throws where a saved upload goes to a server that this run's settings do not name and that is neither OpenAI's nor
 * Azure's: a journal that another person wrote must not decide who gets the key and the file.
 */
export const requireTrusted = (destination: Destination, options: DestinationOptions, env: Environment): void => {
  if (destination.kind === 'local') return;
  const url = destination.baseUrl;
  if (isOwnHost(url) || isBaseUrl(url, options) || isAzureEndpoint(destination, env)) return;
  throw new UploadError(
    'USAGE',
    `a saved upload goes to ${url}, which is neither the configured base URL nor a host of OpenAI or Azure`,
    { reason: 'other-destination', hint: `if you trust that server with your key and the file, add --base-url ${url}` },
  );
};

/**
 * `api.openai.com` and its regional hosts (developers.openai.com, "Data residency"), and the hosts of Azure's resources
 * in its public, US government and China clouds.
 */
const OWN_HOST =
  /^(?:(?:[a-z0-9-]+\.)?api\.openai\.com|[a-z0-9-]+\.(?:openai|cognitiveservices|services\.ai)\.azure\.(?:com|us|cn))$/;

const isOwnHost = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' && url.port === '' && url.username === '' && OWN_HOST.test(url.hostname);
};

const isBaseUrl = (url: string, { baseUrl }: DestinationOptions): boolean =>
  baseUrl !== undefined && normalUrl(baseUrl, '--base-url and OPENAI_BASE_URL') === url;

/** The resource that the environment names, of whichever version of its API. */
const isAzureEndpoint = (destination: Destination, env: Environment): boolean => {
  const endpoint = env['AZURE_OPENAI_ENDPOINT'];
  if (!endpoint || destination.kind !== 'azure' || !URL.canParse(destination.baseUrl)) return false;
  const { baseUrl } = destination;
  return azureBaseUrl(endpoint, classicVersion(baseUrl), 'AZURE_OPENAI_ENDPOINT') === baseUrl;
};
