import { UploadError } from '../errors/errors.ts';

/** What is said where there is no key. */
export type NoKey = { readonly missing: string; readonly hint: string };

/** The key, without what an editor left around it. Sentences never hold it. */
export const checkedKey = (text: string | undefined, { missing, hint }: NoKey): string => {
  const key = text?.trim();
  if (!key) throw new UploadError('USAGE', `no key: ${missing}`, { reason: 'no-key', hint });
  // Anything else could not be a header's value.
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new UploadError('USAGE', 'the key holds characters that no key has', { reason: 'no-key' });
  return key;
};
