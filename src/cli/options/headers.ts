import { checkedHeader, type Headers } from '../../core/model/headers.ts';

/** Headers from lines of `Name: value`; the later of two wins. */
export const parseHeaders = (text: string): Headers =>
  Object.fromEntries(
    text
      .split(/\r?\n/)
      .filter(line => line.trim() !== '')
      .map(parseHeader),
  );

function parseHeader(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':');
  return checkedHeader(line.slice(0, Math.max(0, colon)).trim(), line.slice(colon + 1).trim(), '--header');
}
