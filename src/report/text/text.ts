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

const escapeOf = (character: string): string => {
  const hex = character.charCodeAt(0).toString(16);
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
  `${jsonWithoutCommands(JSON.stringify(value).replace(ESCAPED, jsonEscapeOf))}\n`;

const jsonEscapeOf = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
