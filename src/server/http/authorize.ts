import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.ts';

const WHERE = 'You can find your API key at https://platform.openai.com/account/api-keys.';

/** Throws 401 unless the bearer is right, or any bearer where the server has no key. Never repeats a key. */
export function authorize({ headers }: IncomingMessage, key: string | undefined): void {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer === undefined) {
    throw new ApiError(401, `You didn't provide an API key in an Authorization header using Bearer auth. ${WHERE}`);
  }
  if (key !== undefined && bearer !== key) {
    throw new ApiError(401, `Incorrect API key provided. ${WHERE}`, { code: 'invalid_api_key' });
  }
}
