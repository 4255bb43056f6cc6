import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fingerprint, Manifest } from '../../core/model/manifest.ts';
import { unreadable } from '../../io/read/source-errors.ts';
import { fingerprintAt } from '../../io/source/file-source.ts';
import { systemPath } from '../../io/source/path-bytes.ts';
import { isInSpool } from '../../io/source/spool.ts';
import { isWhole } from '../../io/source/spool-file.ts';

/** The file of a saved upload as it is now, if there is one. What was kept of stdin is as it was, or it is not whole. */
export const fileNow = async ({ path, fingerprint }: Manifest, stateDir: string): Promise<Fingerprint | undefined> => {
  if (!(await isInSpool(spoolFolder(stateDir), path))) return fingerprintAt(path);
  return (await isWhole(path)) ? fingerprint : undefined;
};

/** Whether no run can finish a saved upload: it is of a stdin that was not read to its end. */
export const isCutShort = async (manifest: Manifest, stateDir: string): Promise<boolean> =>
  (await isInSpool(spoolFolder(stateDir), manifest.path)) && !(await isWhole(manifest.path));

/** Whether no run will find the file again. One that merely cannot be looked at is not gone. */
export const isGone = async (manifest: Manifest, stateDir: string): Promise<boolean> =>
  (await isCutShort(manifest, stateDir)) ||
  stat(systemPath(manifest.path)).then(
    () => false,
    error => unreadable(manifest.path, error).reason === 'not-found',
  );

/** Where stdin is kept. */
export const spoolFolder = (stateDir: string): string => join(stateDir, 'spool');
