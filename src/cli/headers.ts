import { usageError } from '../core/errors.ts';

export type Headers = Readonly<Record<string, string>>;

/** Ours to set: the key, and what frames the request. */
const OURS: ReadonlySet<string> = new Set([
  'authorization',
  'api-key',
  'proxy-authorization',
  'host',
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'connection',
  'expect',
]);

/** Headers from lines of `Name: value`; the later of two wins. Sentences never hold a value: it may be a secret. */
export const parseHeaders = (text: string): Headers =>
  Object.fromEntries(
    text
      .split(/\r?\n/)
      .filter(line => line.trim() !== '')
      .map(parseHeader),
  );

function parseHeader(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) throw usageError('--header takes a header like "Name: value"');
  if (OURS.has(name)) throw usageError(`--header may not set ${name}`, hintFor(name));
  const value = line.slice(colon + 1).trim();
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    throw usageError(`--header ${name}: the value holds characters that no header has`);
  return [name, value];
}

const hintFor = (name: string): string | undefined => {
  if (name === 'proxy-authorization') return 'give the proxy its credentials in --proxy http://user:password@host:port';
  return name === 'authorization' || name === 'api-key'
    ? 'the key comes from the environment or --api-key-file'
    : undefined;
};
