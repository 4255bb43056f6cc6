import { readFileSync } from 'node:fs';
import { textOfPath } from './path-bytes.ts';

/**
 * The arguments with the bytes of names that are not UTF-8. Node puts U+FFFD in their place; Linux has them as they were.
 * Elsewhere, and where the two do not agree, the arguments are as Node gives them.
 */
export const exactArguments = (argv: readonly string[], readAll: () => Buffer = commandLine): readonly string[] => {
  if (!argv.some(text => text.includes('\ufffd'))) return argv;
  try {
    const raw = argumentsIn(readAll()).slice(-argv.length);
    const agrees = raw.length === argv.length && raw.every((bytes, index) => bytes.toString() === argv[index]);
    return agrees ? raw.map(textOfPath) : argv;
  } catch {
    return argv;
  }
};

const commandLine = (): Buffer => readFileSync('/proc/self/cmdline');

/** Each ends with a NUL. */
function argumentsIn(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let start = 0, end = bytes.indexOf(0); end !== -1; start = end + 1, end = bytes.indexOf(0, start))
    found.push(bytes.subarray(start, end));
  return found;
}
