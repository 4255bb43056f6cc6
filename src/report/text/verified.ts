import { bytes } from './format.ts';
import { printable } from './text.ts';

export type Verified = {
  readonly bytes: number;
  readonly md5: string | null;
  readonly content: 'same' | 'differs' | 'unreadable';
  readonly refusal?: string;
};

/** What `verify` found, in one line. */
export const verifiedLine = (path: string, id: string, verified: Verified): string => {
  const names = `${printable(path)}: ${verified.content === 'same' ? 'same as' : 'same size as'} ${printable(id)}`;
  return verified.content === 'same'
    ? `${names} (${bytes(verified.bytes)}, md5 ${verified.md5})`
    : `${names} (${bytes(verified.bytes)}), content not readable: ${printable(verified.refusal ?? '')}`;
};
