// One place knows what must not leave the process, and every exit asks it: stdout, stderr, log, trace, journal, ledger,
// the files of GitHub Actions, the library's errors.

/** What stands for a secret that was removed. */
export const REMOVED = '[secret]';

/** Shorter texts are no secrets: they stand in other words by chance. */
const SHORTEST = 8;

const forms = new Set<string>();
let pattern: RegExp | undefined;

/** Makes a text a secret of this process, in every form in which a server may echo it. */
export const addSecret = (secret: string | undefined): void => {
  if (secret === undefined || secret.length < SHORTEST || forms.has(secret)) return;
  for (const form of formsOf(secret)) forms.add(form);
  const longestFirst = [...forms].sort((one, other) => other.length - one.length);
  pattern = new RegExp(longestFirst.map(form => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
};

/** The text with every secret replaced. */
export const withoutSecrets = (text: string): string => (pattern ? text.replace(pattern, REMOVED) : text);

/** Whether a text holds a secret. */
export const holdsSecret = (text: string): boolean => withoutSecrets(text) !== text;

/** As it is, in JSON, percent-encoded, and in base64 wherever in other bytes it stands. */
function formsOf(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  const encoded = encodeURIComponent(secret);
  const every = [...bytes].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const base64 = [0, 1, 2].map(before => base64At(bytes, before));
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, hex => hex.toLowerCase()),
    every,
    every.toUpperCase(),
    [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join(''),
    ...base64,
    ...base64.map(text => text.replaceAll('+', '-').replaceAll('/', '_')),
  ].filter(form => form.length >= SHORTEST);
}

/** The letters of base64 that are the secret's alone, where so many bytes stand before it in its group of three. */
function base64At(bytes: Uint8Array, before: number): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(before), ...bytes));
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}
