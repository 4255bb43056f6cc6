import { UploadError } from '../errors/errors.ts';

/** What is said where there is no key. */
export type NoKey = { readonly missing: string; readonly hint: string };

type Mistake = { readonly pattern: RegExp; readonly message: string; readonly hint: string };

/** What copying a key adds to it, the outermost first. */
const MISTAKES: readonly Mistake[] = [
  {
    pattern: /^(export\s+)?[a-z_]\w*\s*=/i,
    message: 'the key begins with the name of a variable',
    hint: 'leave the key alone there, without the name and the equals sign',
  },
  {
    pattern: /^["'`\u2018\u2019\u201c\u201d]|["'`\u2018\u2019\u201c\u201d]$/,
    message: 'the key has quotes around it',
    hint: 'leave the quotes out: not every program removes them (docker --env-file does not)',
  },
  {
    pattern: /^bearer(\s|$)/i,
    message: 'the key begins with the word Bearer',
    hint: 'leave that word out: it is sent with the key',
  },
  {
    pattern: /^\$|^<.*>$/,
    message: 'the key is a placeholder: nothing was put in its place',
    hint: 'a variable is not replaced inside single quotes, nor in a file',
  },
  {
    pattern: /\s/,
    message: 'the key holds characters that no key has: spaces or line ends',
    hint: 'a key is one word on one line',
  },
  // Anything else could not be a header's value.
  {
    pattern: /[^\x21-\x7e]/,
    message: 'the key holds characters that no key has',
    hint: 'copy the key again: some programs replace or add characters',
  },
];

/** The key, without what an editor left around it. Sentences never hold it. */
export const checkedKey = (text: string | undefined, { missing, hint }: NoKey): string => {
  const key = text?.trim();
  if (!key) throw new UploadError('USAGE', `no key: ${missing}`, { reason: 'no-key', hint });
  const mistake = MISTAKES.find(({ pattern }) => pattern.test(key));
  if (mistake) throw new UploadError('USAGE', mistake.message, { reason: 'no-key', hint: mistake.hint });
  return key;
};
