import { LONGEST_FOREIGN_TEXT } from '../../core/policy/cut-text.ts';
import { withoutSecrets } from '../../core/policy/secrets.ts';
import { jsonWithoutCommands } from './workflow-commands.ts';

/** Controls, marks that turn text around, characters without a shape, halves of a character. */
const ESCAPED = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/**
 * A message from outside on one line, cut in its middle: it can neither move the cursor nor turn the text around. Secrets
 * go first: a cut would leave half of one, which no exit knows.
 */
export const printable = (text: string): string => escaped(shortened(withoutSecrets(text)).replace(/[\t\r\n]+/g, ' '));

/** A name from outside, in which line ends and tabs are shown too. */
export const printableName = (name: string): string => escaped(shortened(withoutSecrets(name)));

/** What is said of a file. No line begins with a name. */
export const fileLine = (path: string, said: string): string => `${INDENT}${printableName(path)}: ${said}`;

/** Before a name that begins a line. */
export const INDENT = '  ';

const NAMED: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

const escaped = (text: string): string => text.replace(ESCAPED, found => NAMED[found] ?? escapeOf(found));

/** Halves of a character that stand for a byte of a file name. */
const isByte = (code: number): boolean => code >= 0xdc80 && code <= 0xdcff;

const escapeOf = (character: string): string => {
  const code = character.charCodeAt(0);
  const hex = (isByte(code) ? code - 0xdc00 : code).toString(16);
  return hex.length > 2 ? `\\u${hex.padStart(4, '0')}` : `\\x${hex.padStart(2, '0')}`;
};

/** What stays at the end of a text that is too long: our own words are at both ends of a message. */
const TAIL = 400;

const shortened = (text: string): string =>
  text.length <= LONGEST_FOREIGN_TEXT
    ? text
    : `${text.slice(0, LONGEST_FOREIGN_TEXT - TAIL - 1).replace(/[\ud800-\udbff]$/, '')}…${text.slice(-TAIL).replace(/^[\udc00-\udfff]/, '')}`;

/** One value as one line of JSON that is safe to show: what `printable` escapes is written as JSON's own escapes. */
export const jsonLine = (value: unknown): string =>
  `${jsonWithoutCommands(bytesShown(JSON.stringify(value)).replace(ESCAPED, jsonEscapeOf))}\n`;

/** A byte of a file name as people see it: JSON would have a half character, which not every reader accepts. */
const bytesShown = (json: string): string =>
  json.includes('\\udc')
    ? json.replace(/\\(?:udc([89a-f][0-9a-f])|.)/g, (all, hex) => (hex ? `\\\\x${hex}` : all))
    : json;

const jsonEscapeOf = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
