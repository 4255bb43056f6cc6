import { readFile, stat } from 'node:fs/promises';
import type { Values } from '../../cli/options/option.ts';
import type { pushOptions } from '../../cli/options/options.ts';
import type { World } from '../../cli/process-context.ts';
import { tildeHint } from '../../cli/shell-hints.ts';
import { usageError } from '../../core/errors/errors.ts';
import { STDIN } from '../../core/model/file-job.ts';
import type { LeftOut } from '../../io/source/folder-files.ts';
import { systemPath } from '../../io/source/path-bytes.ts';
import { counted } from '../../report/text/format.ts';
import { collected, joined, listedIn, type Paths, pathsOf } from './path-list.ts';
import { readAll } from './stdin.ts';

export type ListValues = Pick<
  Values<typeof pushOptions>,
  'filesFrom' | 'recursive' | 'include' | 'exclude' | 'followSymlinks'
>;

/** The arguments, with `--recursive` the files in those that are folders; then the paths that `--files-from` lists. */
export const namedFiles = async (
  args: readonly string[],
  values: ListValues,
  world: World,
  tell: (message: string) => void,
): Promise<Paths> => {
  requireFolderFlags(values);
  const named = values.recursive ? await filesOf(args, values, tell) : pathsOf(args);
  return values.filesFrom === undefined ? named : joined(named, await listedFiles(args, values.filesFrom, world));
};

const requireFolderFlags = ({ recursive, include, exclude, followSymlinks }: ListValues): void => {
  if (recursive || !(include ?? exclude ?? followSymlinks)) return;
  const flag = include ? '--include' : exclude ? '--exclude' : '--follow-symlinks';
  throw usageError(`${flag} chooses files in folders: -r is missing`, 'oai-upload push -r FOLDER …');
};

async function filesOf(args: readonly string[], values: ListValues, tell: (message: string) => void): Promise<Paths> {
  const leftOut: LeftOut = { links: 0, others: 0 };
  const paths = await collected(args, arg => below(arg, values, leftOut));
  if (leftOut.links > 0)
    tell(`note: ${counted(leftOut.links, 'symbolic link')} not followed: --follow-symlinks takes what they lead to`);
  if (leftOut.others > 0) tell(`note: ${counted(leftOut.others, 'entry', 'entries')} that are no files were left out`);
  return paths;
}

async function* below(
  arg: string,
  { include, exclude, followSymlinks }: ListValues,
  leftOut: LeftOut,
): AsyncGenerator<string> {
  const isFolder =
    arg !== STDIN &&
    (await stat(systemPath(arg)).then(
      stats => stats.isDirectory(),
      () => false,
    ));
  const selection = { include: include ?? [], exclude: exclude ?? [], followLinks: followSymlinks ?? false };
  if (!isFolder) return yield arg;
  const { filesIn } = await import('../../io/source/folder-files.ts');
  yield* filesIn(arg, selection, leftOut);
}

async function listedFiles(args: readonly string[], filesFrom: string, world: World): Promise<Paths> {
  if (filesFrom === STDIN && args.includes(STDIN))
    throw usageError('stdin is either a file or a list of files, not both');
  const bytes = await (filesFrom === STDIN ? readAll(world.stdin()) : readFile(filesFrom)).catch(error => {
    throw usageError(`--files-from ${filesFrom} cannot be read: ${error.message}`, tildeHint(filesFrom));
  });
  return listedIn(bytes);
}
