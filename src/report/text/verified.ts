import { bytes } from './format.ts';
import { printable, printableName } from './text.ts';

export type Verified = {
  readonly bytes: number;
  readonly md5: string | null;
  readonly content: 'same' | 'differs' | 'unreadable';
  readonly refusal?: string;
};

/** What `verify` found, in one line. */
export const verifiedLine = (path: string, id: string, verified: Verified): string => {
  const same = verified.content === 'same' ? 'same as' : 'same size as';
  const names = `compared ${printableName(path)}: ${same} ${printableName(id)}`;
  return verified.content === 'same'
    ? `${names} (${bytes(verified.bytes)}, md5 ${verified.md5})`
    : `${names} (${bytes(verified.bytes)}), content not readable: ${printable(verified.refusal ?? '')}`;
};
