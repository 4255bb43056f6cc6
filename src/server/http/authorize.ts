import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.ts';

const WHERE = 'You can find your API key at https://platform.openai.com/account/api-keys.';

/**
 * Throws 401 unless the key is right, or any key where the server has none. It is a bearer; on Azure's paths it may also
 * be in a header of its own. Never repeats a key.
 */
export function authorize({ url = '', headers }: IncomingMessage, key: string | undefined): void {
  const ofAzure = url.startsWith('/openai/') ? headers['api-key'] : undefined;
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? ofAzure;
  if (bearer === undefined) {
    throw new ApiError(401, `You didn't provide an API key in an Authorization header using Bearer auth. ${WHERE}`);
  }
  if (key !== undefined && bearer !== key) {
    throw new ApiError(401, `Incorrect API key provided. ${WHERE}`, { code: 'invalid_api_key' });
  }
}
