import { readFile } from 'node:fs/promises';
import type { World } from '../../cli/process-context.ts';
import { tildeHint } from '../../cli/shell-hints.ts';
import { usageError } from '../../core/errors/errors.ts';
import { STDIN } from '../../core/model/file-job.ts';
import { joined, listedIn, type Paths, pathsOf } from './path-list.ts';
import { readAll } from './stdin.ts';

/** The arguments, then the paths that `--files-from` lists. */
export const namedFiles = async (
  args: readonly string[],
  filesFrom: string | undefined,
  world: World,
): Promise<Paths> => {
  if (filesFrom === undefined) return pathsOf(args);
  if (filesFrom === STDIN && args.includes(STDIN))
    throw usageError('stdin is either a file or a list of files, not both');
  const bytes = await (filesFrom === STDIN ? readAll(world.stdin()) : readFile(filesFrom)).catch(error => {
    throw usageError(`--files-from ${filesFrom} cannot be read: ${error.message}`, tildeHint(filesFrom));
  });
  return joined(pathsOf(args), listedIn(bytes));
};
