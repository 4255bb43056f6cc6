import type { RawOptions } from '../cli/options/resolve.ts';
import type { World } from '../cli/process-context.ts';
import type { SavedLine } from '../core/model/saved-line.ts';
import { windowColumns } from '../report/output/streams.ts';
import { savedDetails } from '../report/text/saved.ts';
import { jsonLine } from '../report/text/text.ts';
import { globalsOf, stateDirOf } from './context/globals.ts';
import { chosenSaved, savedLines, tellOfMissing } from './context/saved.ts';

/** `show`: one saved upload. */
export const show = async (args: readonly string[], raw: RawOptions, world: World): Promise<number> => {
  const globals = globalsOf(raw, world);
  const lines = await savedLines(await chosenSaved(args, raw, 'show', world), stateDirOf(globals, world));
  const details = (line: SavedLine): string =>
    `${savedDetails(line, Date.now(), windowColumns(world.stdout)).join('\n')}\n`;
  world.stdout.write(globals.json ? lines.map(jsonLine).join('') : lines.map(details).join('\n'));
  tellOfMissing(lines, globals, world);
  return 0;
};
