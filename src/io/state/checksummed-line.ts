import { crc32 } from 'node:zlib';
import { withoutSecrets } from '../../core/policy/secrets.ts';

// A line that can be trusted: check value, space, JSON. A torn or flipped one opens to nothing.

/** A value as its line, with the check value over its JSON. */
export const sealLine = (value: unknown): string => {
  const json = withoutSecrets(JSON.stringify(value));
  return `${checkValue(json)} ${json}\n`;
};

/** The value of a line, without its end, whose check value is right. */
export const openLine = (line: string): unknown => {
  const json = line.slice(9);
  if (line[8] !== ' ' || checkValue(json) !== line.slice(0, 8)) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};

const checkValue = (json: string): string => crc32(json).toString(16).padStart(8, '0');
