import { UploadError, withHint } from '../core/errors/errors.ts';

type Hint = (path: string, isFolder: boolean) => string | undefined;
type Hinted = (thrown: unknown, path: string) => unknown;

/** A shell replaces `~` where it begins a word and has no quotes around it, so not in `--flag=~/file`. */
export const tildeHint = (path: string): string | undefined =>
  path.startsWith('~')
    ? 'the shell did not replace ~: leave the quotes out, put a space instead of = before it, or write $HOME'
    : undefined;

/** Adds a hint to the error of a file that was named on the command line, where the shell explains it. */
const hinted = (otherHint: (path: string, isFolder: boolean) => string): Hinted => {
  const hintsByReason = new Map<string, Hint>([
    ['not-a-file', otherHint],
    ['not-found', tildeHint],
  ]);
  return (thrown, path) => {
    if (!(thrown instanceof UploadError) || thrown.code !== 'SOURCE' || thrown.hint !== undefined) return thrown;
    const hint = hintsByReason.get(thrown.reason)?.(path, thrown.message.endsWith('is a directory'));
    return hint === undefined ? thrown : withHint(thrown, hint);
  };
};

/** For a file to push: a folder is pushed with `-r`; what a FIFO, `<(…)` or `/dev/stdin` brings is pushed as stdin. */
export const withPushHint: Hinted = hinted((path, isFolder) => {
  if (isFolder) return 'add -r to push the files in it';
  const feed = isStdin(path) ? '…' : `cat ${quoted(path)}`;
  return `push what a pipe brings as stdin: ${feed} | oai-upload push - --filename NAME --purpose PURPOSE`;
});

/** For a file to check or compare. */
export const withFileHint: Hinted = hinted((_path, isFolder) =>
  isFolder ? 'name the files in it' : 'only push reads a pipe (push -): save it to a file first',
);

const isStdin = (path: string): boolean => /^\/(dev|proc\/self)\/(stdin|fd\/\d+)$/.test(path);

const quoted = (path: string): string => (/^[\w./+:@%-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
