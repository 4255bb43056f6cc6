import { allOption } from '../../cli/options/options.ts';
import { type RawOptions, resolveOptions } from '../../cli/options/resolve.ts';
import type { World } from '../../cli/process-context.ts';
import type { ManifestStore, SavedUpload } from '../../core/ports.ts';
import type { SavedLine } from '../../core/schema/results/saved.ts';
import { type Notice, openManifests } from '../../engine/saved-uploads.ts';
import { printable } from '../../report/text/text.ts';
import { type GlobalValues, globalsOf, stateDirOf } from './globals.ts';
import { fileNow, isGone } from './saved-files.ts';
import { savedLine, selectSaved } from './saved-names.ts';

/** Saved uploads. Trouble with them goes to stderr. */
export const openSaved = (globals: GlobalValues, world: World): ManifestStore =>
  openManifests(stateDirOf(globals, world), noticeTo(globals, world));

/** Where there is no other screen. */
export const noticeTo =
  ({ quiet }: GlobalValues, { stderr }: World): Notice =>
  message => {
    if (!quiet) stderr.write(`${printable(message)}\n`);
  };

/** Those that the arguments name; `--all` names every one. */
export const chosenSaved = async (
  args: readonly string[],
  raw: RawOptions,
  verb: string,
  world: World,
): Promise<readonly SavedUpload[]> => {
  const { all } = resolveOptions(allOption, raw, world.env);
  const globals = globalsOf(raw, world);
  const saved = await openSaved(globals, world).list();
  if (saved.length === 0 && all && !globals.json && !globals.quiet) world.stderr.write(NOTHING);
  return selectSaved(saved, args, { all: all ?? false, verb });
};

/** For people, where there is nothing to show or to go on with. */
export const NOTHING = 'nothing is saved\n';

/** Those whose file is gone, and that no server is completing. */
export const missingSaved = async (world: World, globals: GlobalValues): Promise<readonly SavedUpload[]> => {
  const stateDir = stateDirOf(globals, world);
  const saved = await openSaved(globals, world).list();
  const lines = await savedLines(saved, stateDir);
  const missing = saved.filter((_, index) => lines[index]?.state === 'missing');
  const gone = await Promise.all(missing.map(({ manifest }) => isGone(manifest, stateDir)));
  return missing.filter((_, index) => gone[index]);
};

/** Tells how to be rid of uploads whose file is gone. */
export const tellOfMissing = (lines: readonly SavedLine[], { json, quiet }: GlobalValues, { stderr }: World): void => {
  if (json || quiet || !lines.some(({ state }) => state === 'missing')) return;
  stderr.write('hint: a missing file cannot be resumed: oai-upload cancel --missing\n');
};

/** Saved uploads as `list` and `show` print them, with what became of their files. */
export const savedLines = (saved: readonly SavedUpload[], stateDir: string): Promise<readonly SavedLine[]> =>
  Promise.all(
    saved.map(async ({ manifest }) => savedLine({ manifest, now: await fileNow(manifest, stateDir) }, Date.now())),
  );
