import { readFile } from 'node:fs/promises';
import { pathsIn } from '../../cli/options/file-list.ts';
import type { World } from '../../cli/process-context.ts';
import { tildeHint } from '../../cli/shell-hints.ts';
import { usageError } from '../../core/errors/errors.ts';
import { textOfPath } from '../../io/source/path-bytes.ts';
import { readAll } from './stdin.ts';

/** The arguments, then the paths that `--files-from` lists. */
export const namedFiles = async (
  args: readonly string[],
  filesFrom: string | undefined,
  world: World,
): Promise<readonly string[]> => {
  if (filesFrom === undefined) return args;
  if (filesFrom === '-' && args.includes('-')) throw usageError('stdin is either a file or a list of files, not both');
  const bytes = await (filesFrom === '-' ? readAll(world.stdin()) : readFile(filesFrom)).catch(error => {
    throw usageError(`--files-from ${filesFrom} cannot be read: ${error.message}`, tildeHint(filesFrom));
  });
  return [...args, ...pathsIn(textOfPath(bytes))];
};
