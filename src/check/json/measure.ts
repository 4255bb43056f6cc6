/** What one pass over a parsed line tells. */
export type Measure = {
  /** Characters (UTF-16 units) of all strings; names, and what looks like base64, are not counted. */
  characters: number;
  /** Names of all objects. */
  names: number;
  /** Whether a string holds half of a surrogate pair. */
  hasLoneSurrogate: boolean;
};

/** Above this depth a line is not measured to its end: JSON may nest deeper than the stack. */
const MAX_DEPTH = 500;

/** Measures a value; the result is valid until the next call. */
export function measure(value: unknown): Measure {
  result.characters = 0;
  result.names = 0;
  result.hasLoneSurrogate = false;
  add(value, 0);
  return result;
}

// One object for all lines: a file has millions.
const result: Measure = { characters: 0, names: 0, hasLoneSurrogate: false };

function add(value: unknown, depth: number): void {
  if (typeof value === 'string') addText(value);
  else if (typeof value === 'object' && value !== null && depth < MAX_DEPTH) {
    if (Array.isArray(value)) for (const one of value) add(one, depth + 1);
    else {
      for (const name in value) {
        result.names += 1;
        add((value as Record<string, unknown>)[name], depth + 1);
      }
    }
  }
}

function addText(text: string): void {
  if (!text.isWellFormed()) result.hasLoneSurrogate = true;
  if (!isEncoded(text)) result.characters += text.length;
}

/** Images and audio as base64 or as a data URL: not text. */
const isEncoded = (text: string): boolean => text.length > 1000 && /^[\w+/=:;,.-]{1000}/.test(text);

const [COLON, QUOTE, BACKSLASH] = [':', 0x22, 0x5c];

/**
 * How many names the text of a line has, as a fast first look: the colons behind a quote. It may be wrong where a name
 * ends in a backslash, a string begins with a colon, or a space stands before a colon.
 */
export function countNames(text: string): number {
  let names = 0;
  for (let index = text.indexOf(COLON); index >= 0; index = text.indexOf(COLON, index + 1)) {
    if (text.charCodeAt(index - 1) === QUOTE && text.charCodeAt(index - 2) !== BACKSLASH) names += 1;
  }
  return names;
}

/** UTF-8 bytes of the strings of a value, measured one by one. */
export function bytesOfStrings(value: unknown): number {
  let bytes = 0;
  const rest: unknown[] = [value];
  while (rest.length > 0) {
    const one = rest.pop();
    if (typeof one === 'string') bytes += isEncoded(one) ? 0 : Buffer.byteLength(one);
    else if (typeof one === 'object' && one !== null) for (const inner of Object.values(one)) rest.push(inner);
  }
  return bytes;
}
