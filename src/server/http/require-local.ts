import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../../core/policy/loopback.ts';
import { ApiError } from './api-error.ts';

/**
 * Without a key anyone who reaches the port is trusted, so only programs of this machine may: a page in a browser names
 * its own site as `Origin`, and as `Host` where its name was made to point here (DNS rebinding).
 */
export function requireLocal({ headers }: IncomingMessage, host: string): void {
  const named = hostOf(`http://${headers.host ?? ''}`);
  if (named === undefined || !(isLoopback(named) || named === host.toLowerCase()))
    throw new ApiError(403, 'This server has no key and answers only requests to this machine.', {
      code: 'forbidden_host',
    });
  const { origin } = headers;
  if (origin !== undefined && !isLoopback(hostOf(origin) ?? ''))
    throw new ApiError(403, 'This server has no key and answers no web page of another site.', {
      code: 'forbidden_origin',
    });
}

const hostOf = (url: string): string | undefined => {
  try {
    return new URL(url).hostname.toLowerCase();
  } catch {
    return undefined;
  }
};
