import { type ErrorCode, exitCodes } from '../core/errors/errors.ts';

/** What each exit code says, in few words. */
const words: Readonly<Record<ErrorCode, string>> = {
  BUG: 'a bug: please report it with the lines that were printed',
  USAGE: 'a mistake in a flag, a variable or the config file, or no key',
  SOURCE: 'the file is missing, unreadable, empty, too large, invalid, or changed while it was sent',
  AUTH: 'the key is refused',
  UNAVAILABLE: 'network or server are down: the same command, later, goes on from there',
  REJECTED: 'the server refused, for good',
  INTEGRITY: 'what the server holds is not the file',
  EXPIRED: "the upload's hour ended, and that of a fresh one too",
  UNCERTAIN: 'an answer was lost, and nothing can tell what became of it',
  LOCKED: 'another run is at this file',
  INTERRUPTED: 'interrupted by SIGHUP, SIGINT or SIGTERM; what was done is saved',
};

export type ExitRow = readonly [code: string, words: string];

/** The exit codes of a command that may end in these ways; done, bug and usage are every command's. */
export const exitRows = (codes: readonly ErrorCode[]): readonly ExitRow[] => [
  ['0', 'done'],
  ...[...new Set<ErrorCode>(['BUG', 'USAGE', ...codes])].map(
    (code): ExitRow => [code === 'INTERRUPTED' ? '129, 130, 143' : `${exitCodes[code]}`, words[code]],
  ),
];

export const everyExitCode = Object.keys(words) as readonly ErrorCode[];
