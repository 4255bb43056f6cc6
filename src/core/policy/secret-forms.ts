/** How a secret is found, in whatever form it is echoed. */
export type Fold = {
  /** Quick, and never wrong where it says no. */
  mayStandIn(text: string): boolean;
  /** Every form: compiling it takes milliseconds, so only a text that may hold the secret asks for it. */
  pattern(): RegExp;
};

/** Any of these may hide letters of a secret. */
const ESCAPE = /%[0-9a-f]{2}|\\u[0-9a-f]{4}|\\[/"\\]/i;

/**
 * A secret as it is, in hex, and in base64 or base64url wherever it stands in other bytes; each of its letters as it is,
 * escaped as in JSON, or percent-encoded, however often that was done.
 */
export const createFold = (secret: string): Fold => {
  const bytes = new TextEncoder().encode(secret);
  const hex = [...bytes].map(hexOf).join('');
  const base64 = [0, 1, 2].map(before => base64At(bytes, before));
  const plain = [secret, hex, hex.toUpperCase(), ...base64, ...base64.map(urlSafe)];
  let compiled: RegExp | undefined;
  return {
    mayStandIn: text => plain.some(form => text.includes(form)) || ESCAPE.test(text),
    pattern: () => {
      compiled ??= new RegExp([letters(secret), anyCase(hex), ...base64.map(base64Letters)].join('|'), 'g');
      return compiled;
    },
  };
};

const hexOf = (byte: number): string => byte.toString(16).padStart(2, '0');

/** The letters of base64 that are the secret's alone, where so many bytes stand before it in its group of three. */
function base64At(bytes: Uint8Array, before: number): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(before), ...bytes));
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}

const urlSafe = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');

const letters = (text: string): string => [...text].map(letter).join('');

const base64Letters = (text: string): string =>
  [...text]
    .map(one => (one === '+' || one === '/' ? `(?:${letter(one)}|${letter(urlSafe(one))})` : letter(one)))
    .join('');

/** A backslash is doubled with each time that JSON is put into JSON, a percent sign becomes `%25`; not without end. */
const BACKSLASHES = String.raw`\\{1,16}`;
const PERCENT = '%(?:25){0,4}';

/** One letter in each of its forms. */
function letter(one: string): string {
  const forms = [literal(one), `${BACKSLASHES}${unicodeEscape(one)}`, percentEncoded(one)];
  if (/["\\/]/.test(one)) forms.push(`${BACKSLASHES}${literal(one)}`);
  if (one === ' ') forms.push(String.raw`\+`);
  return `(?:${forms.join('|')})`;
}

/** As the escape of each of its units, which is safe for any letter in a pattern. */
const literal = (one: string): string =>
  /[A-Za-z0-9]/.test(one)
    ? one
    : units(one)
        .map(unit => `\\u${unit}`)
        .join('');

const unicodeEscape = (one: string): string =>
  units(one)
    .map(unit => `u${anyCase(unit)}`)
    .join(BACKSLASHES);

const percentEncoded = (one: string): string =>
  [...new TextEncoder().encode(one)].map(byte => `${PERCENT}${anyCase(hexOf(byte))}`).join('');

const units = (one: string): readonly string[] =>
  one.split('').map(unit => unit.charCodeAt(0).toString(16).padStart(4, '0'));

const anyCase = (hex: string): string => hex.replace(/[a-f]/g, digit => `[${digit}${digit.toUpperCase()}]`);
