import { join } from 'node:path';
import type { RawOptions } from '../cli/resolve.ts';
import type { SavedUpload } from '../core/ports.ts';
import { isExpired } from '../core/resume.ts';
import { systemClock } from '../io/clock.ts';
import { createLocks, removeStaleLocks } from '../io/lock.ts';
import { counted } from '../report/format.ts';
import { jsonLine } from '../report/text.ts';
import { lockName } from '../transfer/find-saved.ts';
import type { World } from '../world.ts';
import { globalsOf, stateDirOf } from './globals.ts';
import { sweepSpool } from './inputs.ts';
import { openSaved } from './saved.ts';

/** `clean`: forgets expired and finished uploads that no run is at, and removes what dead locks left. */
export const clean = async (raw: RawOptions, world: World): Promise<number> => {
  const globals = globalsOf(raw, world);
  const lockFolder = join(stateDirOf(globals, world), 'locks');
  const over = (await openSaved(globals, world).list()).filter(
    ({ manifest }) => manifest.completed || isExpired(manifest, Date.now()),
  );
  const forgotten = (await Promise.all(over.map(saved => forgetUnlessLocked(saved, lockFolder, world)))).filter(
    done => done,
  ).length;
  const locks = await removeStaleLocks(lockFolder);
  const spools = await sweepSpool(stateDirOf(globals, world), {
    manifests: openSaved(globals, world),
    locks: createLocks(lockFolder, systemClock),
  });
  if (globals.json) world.stdout.write(jsonLine({ forgotten, locks, spools }));
  else if (!globals.quiet)
    world.stderr.write(
      `forgot ${counted(forgotten, 'upload')}, removed ${counted(locks, 'stale lock')}${spools > 0 ? ` and ${counted(spools, 'spool')}` : ''}\n`,
    );
  return 0;
};

async function forgetUnlessLocked(saved: SavedUpload, lockFolder: string, { signal }: World): Promise<boolean> {
  const { destination, request, path } = saved.manifest;
  const release = await createLocks(lockFolder, systemClock)
    .acquire(lockName({ destination, request, realPath: path }), 0, signal)
    .catch(() => undefined);
  if (!release) return false;
  await saved.forget();
  await release();
  return true;
}
