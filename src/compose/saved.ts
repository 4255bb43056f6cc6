import { savedLine, selectSaved } from '../cli/commands/saved.ts';
import { allOption } from '../cli/options.ts';
import { type RawOptions, resolveOptions } from '../cli/resolve.ts';
import type { ManifestStore, SavedUpload } from '../core/ports.ts';
import type { SavedLine } from '../core/saved-line.ts';
import { openManifests } from '../library/engine.ts';
import { savedDetails, savedTable } from '../report/saved.ts';
import { jsonLine } from '../report/text.ts';
import type { World } from '../world.ts';
import { type GlobalValues, globalsOf, stateDirOf } from './globals.ts';
import { fileNow } from './inputs.ts';

/** Saved uploads, and whoever is told of trouble with them. */
export const openSaved = (globals: GlobalValues, world: World): ManifestStore =>
  openManifests(stateDirOf(globals, world), message => {
    if (!globals.quiet) world.stderr.write(`${message}\n`);
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
  else if (lines.length > 0) print(world, `${savedTable(lines, Date.now()).join('\n')}\n`);
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
      .map(line => (globals.json ? jsonLine(line) : `${savedDetails(line, Date.now()).join('\n')}\n`))
      .join(globals.json ? '' : '\n'),
  );
  return 0;
};

const print = ({ stdout }: World, text: string): void => void stdout.write(text);

const linesOf = (saved: readonly SavedUpload[], stateDir: string): Promise<readonly SavedLine[]> =>
  Promise.all(
    saved.map(async ({ manifest }) => savedLine({ manifest, now: await fileNow(manifest, stateDir) }, Date.now())),
  );
