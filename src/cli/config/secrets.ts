import { usageError } from '../../core/errors/errors.ts';

/** `api-key`, `apiKey`, `OPENAI_API_KEY`, `token`. */
const NAMES_KEY = /^(openai|azure)?[-_]?(openai)?[-_]?(api[-_]?)?(key|token|secret)$/i;

/** As OpenAI writes its keys; the name of a file may begin so, further in. */
const LOOKS_LIKE_KEY = /(?<![\w./\\-])sk-[\w-]{8,}/;

/** Refuses a config file that holds a key, in any of its profiles. The sentence never holds what was found. */
export function refuseSecrets(value: unknown, path: string, place: readonly string[] = []): void {
  if (typeof value === 'string' && LOOKS_LIKE_KEY.test(value)) throw holdsKey(path, place);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (LOOKS_LIKE_KEY.test(name)) throw holdsKey(path, [...place, '…']);
    // A profile may have any name.
    if (NAMES_KEY.test(name) && place.at(-1) !== 'profiles') throw holdsKey(path, [...place, name]);
    refuseSecrets(inner, path, [...place, name]);
  }
}

const holdsKey = (path: string, place: readonly string[]) =>
  usageError(
    `${path}: ${place.join('.')} holds an API key, and a config file must not`,
    'keep the key in a file and name that with "api-key-file", or its environment variable with "api-key-variable"',
  );
