const ESCAPED = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/gu;
const NO_WIDTH = /^[\p{M}\u200b-\u200d\ufeff]$/u;
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/** Foreign text on one line: a name or a server's message can neither move the cursor nor turn the text around. */
export const printable = (text: string): string => text.replace(/[\t\r\n]+/g, ' ').replace(ESCAPED, escapeOf);

const escapeOf = (character: string): string => {
  const hex = character.charCodeAt(0).toString(16);
  return hex.length > 2 ? `\\u${hex.padStart(4, '0')}` : `\\x${hex.padStart(2, '0')}`;
};

/** Columns that a text without escapes takes on a screen. */
export const widthOf = (text: string): number => {
  let width = 0;
  for (const character of text) width += widthOfOne(character);
  return width;
};

const widthOfOne = (character: string): number => {
  if (character < '\u0300') return 1;
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
};

/** The text cut at its end to so many columns. */
export const cut = (text: string, columns: number, ellipsis = '…'): string => {
  if (widthOf(text) <= columns) return text;
  return `${taken(text, columns - ellipsis.length)}${ellipsis}`.slice(0, Math.max(0, columns));
};

/** The name cut at its start, since paths differ at their end, and filled up to so many columns. */
export const column = (text: string, columns: number, ellipsis = '…'): string => {
  const width = widthOf(text);
  if (width <= columns) return text + ' '.repeat(columns - width);
  const kept = mirrored(taken(mirrored(text), columns - ellipsis.length));
  return column(`${ellipsis}${kept}`.slice(0, Math.max(0, columns)), columns, '');
};

const mirrored = (text: string): string => [...text].reverse().join('');

function taken(text: string, columns: number): string {
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += widthOfOne(character);
    if (width > columns) break;
    kept += character;
  }
  return kept;
}

/** One value as one line of JSON that is safe to show: C1 controls, too, are written as escapes. */
export const jsonLine = (value: unknown): string =>
  `${JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029]/g, found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
