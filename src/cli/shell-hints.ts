import { UploadError, withHint } from '../core/errors/errors.ts';

type Hint = (path: string) => string | undefined;
type Hinted = (thrown: unknown, path: string) => unknown;

/** A shell replaces `~` where it begins a word and has no quotes around it, so not in `--flag=~/file`. */
export const tildeHint = (path: string): string | undefined =>
  path.startsWith('~')
    ? 'the shell did not replace ~: leave the quotes out, put a space instead of = before it, or write $HOME'
    : undefined;

/** Adds a hint to the error of a file that was named on the command line, where the shell explains it. */
const hinted = (pipeHint: (path: string) => string): Hinted => {
  const hintsByReason = new Map<string, Hint>([
    ['not-a-file', pipeHint],
    ['not-found', tildeHint],
  ]);
  return (thrown, path) => {
    if (!(thrown instanceof UploadError) || thrown.code !== 'SOURCE' || thrown.hint !== undefined) return thrown;
    const hint = hintsByReason.get(thrown.reason)?.(path);
    return hint === undefined ? thrown : withHint(thrown, hint);
  };
};

/** For a file to push: a folder is pushed with `-r`; what a FIFO, `<(…)` or `/dev/stdin` brings is pushed as stdin. */
export const withPushHint: Hinted = (thrown, path) =>
  isFolder(thrown) ? withHint(thrown, 'add -r to push the files in it') : withPipeHint(thrown, path);

const isFolder = (thrown: unknown): thrown is UploadError =>
  thrown instanceof UploadError && (thrown.cause as NodeJS.ErrnoException | undefined)?.code === 'EISDIR';

const withPipeHint: Hinted = hinted(path => {
  const feed = isStdin(path) ? '…' : `cat ${quoted(path)}`;
  return `push what a pipe brings as stdin: ${feed} | oai-upload push - --filename NAME --purpose PURPOSE`;
});

/** For a file to check or compare. */
export const withFileHint: Hinted = hinted(() => 'only push reads a pipe (push -): save it to a file first');

const isStdin = (path: string): boolean => /^\/(dev|proc\/self)\/(stdin|fd\/\d+)$/.test(path);

const quoted = (path: string): string => (/^[\w./+:@%-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
