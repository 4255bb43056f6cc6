import type { RawOptions } from '../cli/options/resolve.ts';
import type { World } from '../cli/process-context.ts';
import type { SavedLine } from '../core/schema/results/saved.ts';
import { windowColumns } from '../report/output/streams.ts';
import { jsonLine } from '../report/text/text.ts';
import { globalsOf, stateDirOf } from './context/globals.ts';
import { NOTHING, openSaved, savedLines, tellOfMissing } from './context/saved.ts';

/** `list`: every saved upload. */
export const list = async (raw: RawOptions, world: World): Promise<number> => {
  const globals = globalsOf(raw, world);
  const { stdout, stderr } = world;
  const lines = await savedLines(await openSaved(globals, world).list(), stateDirOf(globals, world));
  if (globals.json) stdout.write(lines.map(jsonLine).join(''));
  else if (lines.length > 0) stdout.write(await tableOf(lines, stdout));
  else if (!globals.quiet) stderr.write(NOTHING);
  tellOfMissing(lines, globals, world);
  return 0;
};

/** Loaded late: the widths of characters take a third of a start. */
async function tableOf(lines: readonly SavedLine[], stdout: World['stdout']): Promise<string> {
  const { savedTable } = await import('../report/text/saved.ts');
  return `${savedTable(lines, Date.now(), windowColumns(stdout)).join('\n')}\n`;
}
