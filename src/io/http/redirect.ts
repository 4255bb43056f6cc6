import { type Call, urlOf } from './call.ts';
import { redirectRefused } from './failure.ts';
import type { HttpReply } from './reply.ts';

/** Redirects in a row that are followed. */
const MOST_REDIRECTS = 5;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
/** Those that keep the method, and so a body. */
const KEEPING: readonly number[] = [307, 308];

/**
 * Where to send the call again, if the answer is a redirect that may be followed: to the same origin only, since the key
 * goes with it. Throws for any other redirect, nothing for an answer that is none.
 */
export const redirectOf = (call: Call, url: URL, reply: HttpReply, hops: number): URL | undefined => {
  if (!REDIRECTS.includes(reply.status)) return undefined;
  const refuse = (why: string, hint?: string) => redirectRefused(call.endpoint, reply, why, hint);
  const location = reply.header('location') ?? '';
  if (location === '' || !URL.canParse(location, url.href)) throw refuse('a redirect to nowhere');
  const next = new URL(location, url);
  if (next.origin !== url.origin) throw refuse(`it sends us to ${otherPlace(next, url)}`, baseUrlHint(next, call));
  if (call.method !== 'GET' && !KEEPING.includes(reply.status))
    throw refuse(`it sends us to ${next.pathname}, where only a GET may go`, baseUrlHint(next, call));
  if (hops >= MOST_REDIRECTS) throw refuse(`it sends us on after ${MOST_REDIRECTS} redirects`);
  return next;
};

const otherPlace = (next: URL, { host }: URL): string =>
  next.host === host
    ? `${next.protocol}//${next.host}, another scheme: the key does not go there`
    : `another host, ${next.host}: the key does not go there`;

/** The base URL that would have led there at once, where it can be told from the redirect. */
const baseUrlHint = (next: URL, { path }: Call): string | undefined => {
  const end = urlOf('http://any', path).pathname;
  if (!next.pathname.endsWith(end)) return undefined;
  return `if that is the API, name it: --base-url ${next.origin}${next.pathname.slice(0, -end.length)}`;
};
