import { usageError } from '../errors/errors.ts';

/** A proxy to connect through. */
export type ProxyServer = {
  /** Scheme, host and port; no credentials. */
  readonly origin: string;
  /** For people: host and port. */
  readonly name: string;
  /** The value of `Proxy-Authorization`. */
  readonly authorization?: string | undefined;
};

/** The proxy of a URL, which stood at `where`. Sentences never hold the text: there may be a password in it. */
export const parseProxy = (text: string, where: string): ProxyServer => {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (!url || url.hostname === '' || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw usageError(`${where} takes the URL of an http or https proxy, like http://user:password@proxy:3128`);
  const authorization = basicAuthorization(url, where);
  return { origin: url.origin, name: url.host, ...(authorization && { authorization }) };
};

function basicAuthorization({ username, password }: URL, where: string): string | undefined {
  if (!username && !password) return undefined;
  try {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(credentials).toString('base64')}`;
  } catch {
    throw usageError(`${where}: a % in the user name or the password is written %25`);
  }
}
