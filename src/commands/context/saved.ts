import { allOption } from '../../cli/options/options.ts';
import { type RawOptions, resolveOptions } from '../../cli/options/resolve.ts';
import type { World } from '../../cli/process-context.ts';
import type { SavedLine } from '../../core/model/saved-line.ts';
import type { ManifestStore, SavedUpload } from '../../core/ports.ts';
import { openManifests } from '../../engine/engine.ts';
import { windowColumns } from '../../report/output/streams.ts';
import { savedDetails, savedTable } from '../../report/text/saved.ts';
import { jsonLine, printable } from '../../report/text/text.ts';
import { type GlobalValues, globalsOf, stateDirOf } from './globals.ts';
import { savedLine, selectSaved } from './saved-names.ts';
import { fileNow } from './sources.ts';

/** Saved uploads, and whoever is told of trouble with them. */
export const openSaved = (globals: GlobalValues, world: World): ManifestStore =>
  openManifests(stateDirOf(globals, world), message => {
    if (!globals.quiet) world.stderr.write(`${printable(message)}\n`);
  });

/** Those that the arguments name; `--all` names every one. */
export const chosenSaved = async (
  args: readonly string[],
  raw: RawOptions,
  verb: string,
  world: World,
): Promise<readonly SavedUpload[]> => {
  const { all } = resolveOptions(allOption, raw, world.env);
  return selectSaved(await openSaved(globalsOf(raw, world), world).list(), args, { all: all ?? false, verb });
};

/** `list`: every saved upload. */
export const list = async (raw: RawOptions, world: World): Promise<number> => {
  const globals = globalsOf(raw, world);
  const lines = await linesOf(await openSaved(globals, world).list(), stateDirOf(globals, world));
  if (globals.json) print(world, lines.map(jsonLine).join(''));
  else if (lines.length > 0) print(world, `${savedTable(lines, Date.now(), windowColumns(world.stdout)).join('\n')}\n`);
  else if (!globals.quiet) world.stderr.write('nothing is saved\n');
  return 0;
};

/** `show`: one saved upload. */
export const show = async (args: readonly string[], raw: RawOptions, world: World): Promise<number> => {
  const globals = globalsOf(raw, world);
  const lines = await linesOf(await chosenSaved(args, raw, 'show', world), stateDirOf(globals, world));
  print(
    world,
    lines
      .map(line =>
        globals.json ? jsonLine(line) : `${savedDetails(line, Date.now(), windowColumns(world.stdout)).join('\n')}\n`,
      )
      .join(globals.json ? '' : '\n'),
  );
  return 0;
};

const print = ({ stdout }: World, text: string): void => void stdout.write(text);

const linesOf = (saved: readonly SavedUpload[], stateDir: string): Promise<readonly SavedLine[]> =>
  Promise.all(
    saved.map(async ({ manifest }) => savedLine({ manifest, now: await fileNow(manifest, stateDir) }, Date.now())),
  );
