import { UploadError, usageError } from '../core/errors.ts';
import type { Destination } from '../core/request.ts';
import { azureBaseUrl, azureName, azureUrlOf, isClassicAzure } from './azure.ts';
import type { Environment } from './resolve.ts';

export const DEFAULT_BASE_URL = 'https://api.openai.com/v1';

export type DestinationOptions = {
  readonly baseUrl: string | undefined;
  readonly organization: string | undefined;
  readonly project: string | undefined;
};

/** Whether the API is Azure's: only where nothing else is named and there is no key for anything else. */
export const isAzure = ({ baseUrl }: DestinationOptions, env: Environment): boolean =>
  Boolean(env['AZURE_OPENAI_ENDPOINT']) && baseUrl === undefined && !env['OPENAI_API_KEY'];

/** Where the API is, in one spelling. */
export const destinationOf = (options: DestinationOptions, env: Environment): Destination => {
  const { baseUrl, organization, project } = options;
  if (isAzure(options, env)) {
    const endpoint = new URL(normalUrl(env['AZURE_OPENAI_ENDPOINT'] ?? '', 'AZURE_OPENAI_ENDPOINT'));
    return { baseUrl: azureName(azureBaseUrl(endpoint, env['OPENAI_API_VERSION'])) };
  }
  return {
    baseUrl: normalUrl(baseUrl ?? DEFAULT_BASE_URL, '--base-url and OPENAI_BASE_URL'),
    ...(organization && { organization }),
    ...(project && { project }),
  };
};

/** Refuses what the destination would ignore. */
export const requireKnownThere = ({ baseUrl }: Destination, expiresAfterSeconds: number | undefined): void => {
  if (expiresAfterSeconds === undefined || azureUrlOf(baseUrl) === undefined || !isClassicAzure(baseUrl)) return;
  throw usageError(
    'Azure has no --expires-after where OPENAI_API_VERSION is set',
    "leave it out, or unset OPENAI_API_VERSION for Azure's v1 API",
  );
};

function normalUrl(text: string, origin: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw usageError(`the base URL needs a scheme, like https://host/v1: "${text}"`, `see ${origin}`);
  }
  if (url.username || url.password) throw usageError('the base URL must not hold a user name or password');
  return url.href.replace(/\/+$/, '');
}

/** Where a key may come from. */
export type KeySource = { readonly keyFile: string | undefined; readonly azure: boolean };

/** The key from the environment or a file; `readFile` rejects where there is no such file. */
export const readKey = async (
  { keyFile, azure }: KeySource,
  env: Environment,
  readFile: (path: string) => Promise<string>,
): Promise<string> => {
  const variable = azure ? 'AZURE_OPENAI_API_KEY' : 'OPENAI_API_KEY';
  if (keyFile === undefined) return requireKey(env[variable], `${variable} is not set`, variable);
  const text = await readFile(keyFile).catch(error => {
    throw new UploadError('USAGE', `--api-key-file ${keyFile} cannot be read: ${error.message}`, {
      reason: 'no-key',
      cause: error,
    });
  });
  return requireKey(text, `--api-key-file ${keyFile} is empty`, variable);
};

function requireKey(text: string | undefined, missing: string, variable: string): string {
  const key = text?.trim();
  if (!key) {
    throw new UploadError('USAGE', `no key: ${missing}`, {
      reason: 'no-key',
      hint: `set ${variable} or name a file with --api-key-file; to try without a key, add --local`,
    });
  }
  // Anything else could not be a header's value.
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new UploadError('USAGE', 'the key holds characters that no key has', { reason: 'no-key' });
  return key;
}
