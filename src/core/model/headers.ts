import { usageError } from '../errors/errors.ts';

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

/** A header that the user may set, its name in lower case. Sentences never hold a value: it may be a secret. */
export const checkedHeader = (given: string, value: string, where: string): readonly [name: string, value: string] => {
  const name = given.toLowerCase();
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) throw usageError(`${where} takes a header like "Name: value"`);
  if (OURS.has(name)) throw usageError(`${where} may not set ${name}`, hintFor(name));
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    throw usageError(`${where} ${name}: the value holds characters that no header has`);
  return [name, value];
};

const hintFor = (name: string): string | undefined => {
  if (name === 'proxy-authorization') return 'give the proxy its credentials in --proxy http://user:password@host:port';
  return name === 'authorization' || name === 'api-key'
    ? 'the key comes from the environment or --api-key-file'
    : undefined;
};
