import type { RawOptions } from '../cli/options/resolve.ts';
import type { World } from '../cli/process-context.ts';
import type { SavedLine } from '../core/schema/results/saved.ts';
import { windowColumns } from '../report/output/streams.ts';
import { jsonLine } from '../report/text/text.ts';
import { globalsOf, stateDirOf } from './context/globals.ts';
import { chosenSaved, savedLines, tellOfMissing } from './context/saved.ts';

/** `show`: one saved upload. */
export const show = async (args: readonly string[], raw: RawOptions, world: World): Promise<number> => {
  const globals = globalsOf(raw, world);
  const lines = await savedLines(await chosenSaved(args, raw, 'show', world), stateDirOf(globals, world));
  world.stdout.write(globals.json ? lines.map(jsonLine).join('') : await detailsOf(lines, world.stdout));
  tellOfMissing(lines, globals, world);
  return 0;
};

/** Loaded late: the widths of characters take a third of a start. */
async function detailsOf(lines: readonly SavedLine[], stdout: World['stdout']): Promise<string> {
  const { savedDetails } = await import('../report/text/saved.ts');
  return lines.map(line => `${savedDetails(line, Date.now(), windowColumns(stdout)).join('\n')}\n`).join('\n');
}
