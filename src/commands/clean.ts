import { join } from 'node:path';
import pLimit from 'p-limit';
import type { RawOptions } from '../cli/options/resolve.ts';
import type { World } from '../cli/process-context.ts';
import { isExpired } from '../core/policy/resume.ts';
import type { Locks, SavedUpload } from '../core/ports.ts';
import type { CleanedLine } from '../core/schema/results/saved.ts';
import { openLocks, removeDeadLocks } from '../engine/locks.ts';
import { removeDrafts } from '../io/state/journal-names.ts';
import { counted } from '../report/text/format.ts';
import { jsonLine } from '../report/text/text.ts';
import { lockName } from '../transfer/resume/find-saved.ts';
import { type GlobalValues, globalsOf, stateDirOf } from './context/globals.ts';
import { noticeTo, openSaved } from './context/saved.ts';
import { isCutShort } from './context/saved-files.ts';
import { sweepSpool } from './context/sources.ts';

/** Each lock is a socket: not too many at once. */
const AT_ONCE = 16;

/** `clean`: forgets uploads that are over and that no run is at, and removes what dead locks left. */
export const clean = async (raw: RawOptions, world: World): Promise<number> => {
  const globals = globalsOf(raw, world);
  const stateDir = stateDirOf(globals, world);
  const atOnce = pLimit(AT_ONCE);
  const locks = openLocks(stateDir, noticeTo(globals, world));
  const saved = await openSaved(globals, world).list();
  const done = await Promise.all(saved.map(one => atOnce(() => forgetIfOver(one, stateDir, locks, world))));
  await removeDrafts(join(stateDir, 'uploads'));
  const spools = await sweepSpool(stateDir, { manifests: openSaved(globals, world), locks });
  tell({ forgotten: done.filter(Boolean).length, locks: await removeDeadLocks(stateDir), spools }, globals, world);
  return 0;
};

function tell(cleaned: CleanedLine, { json, quiet }: GlobalValues, { stdout, stderr }: World): void {
  const { forgotten, locks, spools } = cleaned;
  const spooled = spools > 0 ? ` and ${counted(spools, 'spool')}` : '';
  if (json) stdout.write(jsonLine(cleaned));
  else if (!quiet)
    stderr.write(`forgot ${counted(forgotten, 'upload')}, removed ${counted(locks, 'stale lock')}${spooled}\n`);
}

const forgetIfOver = async (saved: SavedUpload, stateDir: string, locks: Locks, world: World): Promise<boolean> =>
  (await isOver(saved, stateDir)) && forgetUnlessLocked(saved, stateDir, locks, world);

/** Finished, or no run can finish it any more. */
const isOver = async ({ manifest }: SavedUpload, stateDir: string): Promise<boolean> =>
  manifest.completed !== undefined || isExpired(manifest, Date.now()) || (await isCutShort(manifest, stateDir));

async function forgetUnlessLocked(
  saved: SavedUpload,
  stateDir: string,
  locks: Locks,
  { signal }: World,
): Promise<boolean> {
  const { destination, request, path } = saved.manifest;
  const name = lockName({ destination, request, realPath: path });
  const release = await locks.acquire(name, 0, signal).catch(() => undefined);
  if (!release) return false;
  // Looked at again: the run that had it may have read its stdin to the end.
  const over = await isOver(saved, stateDir);
  if (over) await saved.forget();
  await release();
  return over;
}
