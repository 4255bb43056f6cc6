import { createFold, type Fold } from './secret-forms.ts';

// One place knows what must not leave the process, and every exit asks it: stdout, stderr, log, trace, journal, ledger,
// the files of GitHub Actions, the library's errors.

/** What stands for a secret that was removed. */
export const REMOVED = '[secret]';

/** Shorter texts are no secrets: they stand in other words by chance. */
const SHORTEST = 8;

/** A run has a handful. A process that pushes for many users forgets those that it used longest ago. */
const MOST_SECRETS = 100;

/** Each secret by its text, the one that was added last at the end. */
const secrets = new Map<string, Fold>();
/** Longest first, since one may hold another. */
let folds: readonly Fold[] = [];

/** Makes a text a secret of this process, in every form in which a server may echo it. */
export const addSecret = (secret: string | undefined): void => {
  if (secret === undefined || secret.length < SHORTEST) return;
  const fold = secrets.get(secret) ?? createFold(secret);
  secrets.delete(secret);
  secrets.set(secret, fold);
  const [oldest] = secrets.keys();
  if (secrets.size > MOST_SECRETS && oldest !== undefined) secrets.delete(oldest);
  folds = [...secrets].sort(([one], [other]) => other.length - one.length).map(([, known]) => known);
};

/** The text with every secret replaced. */
export const withoutSecrets = (text: string): string =>
  folds.reduce((clean, fold) => (fold.mayStandIn(clean) ? clean.replace(fold.pattern(), REMOVED) : clean), text);

/** Whether a text holds a secret. */
export const holdsSecret = (text: string): boolean => withoutSecrets(text) !== text;
