import { findJsonFault } from '../json/fault.ts';
import { isObject } from '../json/object.ts';

/** JSON that is not lines: one array of everything, or objects over several lines. */
export type Document = 'json-array' | 'pretty-printed';

/** What the first lines of a file that are not blank tell of it as a whole; `open` where the next one decides. */
export type Guess = Document | 'lines' | 'open';

/** A document has shorter lines; and after so many lines that are objects, the file is one of lines. */
const [LONGEST_LINE, MOST_LINES] = [1024 ** 2, 4];

/** Whether a file is one JSON document, judged by its first lines. */
export function guess(lines: readonly string[]): Guess {
  const [first = '', last = ''] = [lines[0], lines.at(-1)];
  const kind = documentOf(first);
  if (kind === undefined) return 'lines';
  if (lines.length === 1) return opens(first) ? 'open' : 'lines';
  if (lines.some(({ length }) => length > LONGEST_LINE)) return 'lines';
  const fault = findJsonFault(lines.join('\n'));
  if (fault === undefined) return kind;
  if (!fault.isOpen) return 'lines';
  // A line that lost its end may look as if the objects after it were within it, for a line or two.
  if (!isObject(parsed(last))) return kind;
  return lines.length < MOST_LINES ? 'open' : 'lines';
}

/** What is left to say at the end of a file of one line that is not blank. */
export const guessAtEnd = ([only = '', ...others]: readonly string[]): Guess => {
  const value = others.length === 0 ? parsed(only) : undefined;
  return Array.isArray(value) && value.length > 0 && value.every(isObject) ? 'json-array' : 'lines';
};

const documentOf = (first: string): Document | undefined => {
  const start = /^[ \t\r]*([[{])/.exec(first)?.[1];
  if (start === undefined) return undefined;
  return start === '[' ? 'json-array' : 'pretty-printed';
};

const opens = (first: string): boolean =>
  Array.isArray(parsed(first)) || (first.length <= LONGEST_LINE && findJsonFault(first)?.isOpen === true);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
