import { usageError } from '../errors/errors.ts';

export const DEFAULT_BASE_URL = 'https://api.openai.com/v1';

/** A base URL in one spelling: saved uploads are found by it. `origin` says where it comes from. */
export const normalUrl = (text: string, origin: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw usageError(`the base URL needs a scheme, like https://host/v1: "${text}"`, `see ${origin}`);
  }
  if (url.username || url.password) throw usageError('the base URL must not hold a user name or password');
  return url.href.replace(/\/+$/, '');
};
