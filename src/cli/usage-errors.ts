import { type UploadError, usageError } from '../core/errors/errors.ts';
import { didYouMean } from './options/suggest.ts';

/** How commander ends a run before a command begins. */
type Ended = { readonly code: string; readonly message: string };

/** What commander found wrong with a command line, in our words. */
export const usageErrorOf = (
  { code, message }: Ended,
  argv: readonly string[],
  commands: readonly string[],
): UploadError => {
  if (code === 'commander.help') return noCommand(argv, commands);
  const [sentence = '', suggestion] = withoutKeys(message).split('\n');
  const said = reworded(sentence.replace(/^error: /, ''));
  return usageError(said, isAboutKey(said) ? KEY_HINT : suggested(suggestion));
};

/** `help nonsense`, or no command at all: commander has shown its help. */
const noCommand = ([first, second]: readonly string[], commands: readonly string[]): UploadError =>
  first === 'help' && second !== undefined
    ? usageError(`unknown command '${withoutKeys(second)}'`, didYouMean(second, commands))
    : usageError('a command is missing', helpHint('push'));

/** Where nothing better is known: the page of the command, or the list of all. */
export const helpHint = (command?: string): string =>
  `see oai-upload ${command === undefined ? '--help' : `help ${command}`}`;

const REWORDED: readonly (readonly [RegExp, string])[] = [
  [/^option '(.*)' argument missing$/, "option '$1' needs a value"],
  [
    /^too many arguments( for '.*')?\. Expected (\d+) arguments? but got (\d+)\.$/,
    'too many arguments$1: expected $2, got $3',
  ],
];

const reworded = (sentence: string): string =>
  REWORDED.reduce((text, [pattern, words]) => text.replace(pattern, words), sentence);

/** `(Did you mean --purpose?)` → `did you mean --purpose?` */
const suggested = (suggestion: string | undefined): string | undefined => suggestion?.replace(/^\(D(.*)\)$/, 'd$1');

const KEY_HINT =
  'a key is never a flag: set OPENAI_API_KEY, name a file with --api-key-file or a program with --api-key-command';

const isAboutKey = (sentence: string): boolean => /^unknown option '--?(openai-)?(api-?)?(key|token)'/i.test(sentence);

/** An unknown flag's value, and what looks like a key, may be secret. */
const withoutKeys = (message: string): string =>
  message.replace(/(unknown option '[^'=]*)=.*?(?='(\n|$))/s, '$1').replace(/\bsk-[\w-]{8,}/g, 'sk-…');
