import { UploadError, usageError } from '../core/errors.ts';
import type { Destination } from '../core/request.ts';
import type { Environment } from './resolve.ts';

export const DEFAULT_BASE_URL = 'https://api.openai.com/v1';

export type DestinationOptions = {
  readonly baseUrl: string | undefined;
  readonly organization: string | undefined;
  readonly project: string | undefined;
};

/** Where the API is, with its base URL in one spelling. */
export const destinationOf = ({
  baseUrl = DEFAULT_BASE_URL,
  organization,
  project,
}: DestinationOptions): Destination => ({
  baseUrl: normalUrl(baseUrl),
  ...(organization && { organization }),
  ...(project && { project }),
});

function normalUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw usageError(
      `the base URL needs a scheme, like https://host/v1: "${text}"`,
      'see --base-url and OPENAI_BASE_URL',
    );
  }
  if (url.username || url.password) throw usageError('the base URL must not hold a user name or password');
  return url.href.replace(/\/+$/, '');
}

/** The key from the environment or a file; `readFile` rejects where there is no such file. */
export const readKey = async (
  keyFile: string | undefined,
  env: Environment,
  readFile: (path: string) => Promise<string>,
): Promise<string> => {
  if (keyFile === undefined) return requireKey(env['OPENAI_API_KEY'], 'OPENAI_API_KEY is not set');
  const text = await readFile(keyFile).catch(error => {
    throw new UploadError('USAGE', `--api-key-file ${keyFile} cannot be read: ${error.message}`, {
      reason: 'no-key',
      cause: error,
    });
  });
  return requireKey(text, `--api-key-file ${keyFile} is empty`);
};

function requireKey(text: string | undefined, missing: string): string {
  const key = text?.trim();
  if (!key) {
    throw new UploadError('USAGE', `no key: ${missing}`, {
      reason: 'no-key',
      hint: 'set OPENAI_API_KEY or name a file with --api-key-file; to try without a key, add --local',
    });
  }
  // Anything else could not be a header's value.
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new UploadError('USAGE', 'the key holds characters that no key has', { reason: 'no-key' });
  return key;
}
