import { SHELLS } from '../cli/command-table.ts';
import { didYouMean } from '../cli/options/suggest.ts';
import type { World } from '../cli/process-context.ts';
import { usageError } from '../core/errors/errors.ts';
import { completionScript } from './completion-script.ts';

/** `completion`: the script that has a shell ask us. */
export const completion = async ([name = '']: readonly string[], { stdout }: World): Promise<number> => {
  const shell = SHELLS.find(one => one === name);
  if (!shell) throw usageError(`completion takes one of ${SHELLS.join(', ')}, not "${name}"`, didYouMean(name, SHELLS));
  stdout.write(await completionScript(shell));
  return 0;
};
