import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceError } from '../../core/errors/errors.ts';
import type { Destination } from '../../core/model/destination.ts';
import { requestIdentity, type UploadRequest } from '../../core/model/request.ts';
import type { UploadIdentity } from '../../core/ports.ts';
import { whenFree } from '../read/descriptors.ts';
import { removeOwn } from './own-file.ts';

// What files are called in the folder of saved uploads.

const SUFFIX = '.journal';

/** Names of all journals in a folder. */
export const journalsIn = async (folder: string): Promise<readonly string[]> =>
  (await whenFree(() => readdir(folder)).catch(cannotLook(folder))).filter(name => name.endsWith(SUFFIX));

/** A folder that is not there holds nothing. One that cannot be read may hold everything. */
const cannotLook =
  (folder: string) =>
  (error: NodeJS.ErrnoException): readonly string[] => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw sourceError(
      'state-unreadable',
      `the saved uploads in ${folder} cannot be read: ${error.message}`,
      'make the folder readable, or name another --state-dir',
      error,
    );
  };

const DRAFT = '.draft';

/** A journal that was never given its name. */
const DRAFT_NAME = /^[0-9a-f]{20}-[0-9a-f]{20}-([0-9a-f]{16}\.)?draft$/;

const STALE_MS = 3_600_000;

/** Removes drafts that killed runs left; how many that were. */
export const removeDrafts = async (folder: string): Promise<number> => {
  let removed = 0;
  for (const name of (await readdir(folder).catch(() => [])).filter(one => DRAFT_NAME.test(one))) {
    const path = join(folder, name);
    if (await removeOwn(path, stats => stats.isFile() && Date.now() - stats.mtimeMs >= STALE_MS)) removed += 1;
  }
  return removed;
};

/** Of a path that is not UTF-8, its JSON: such names are all one in UTF-8. */
const hash = (text: string): string =>
  createHash('sha256')
    .update(text.isWellFormed() ? text : JSON.stringify(text))
    .digest('hex')
    .slice(0, 20);

type Named = { readonly destination: Destination; readonly request: UploadRequest };

/** What the journals of one destination and request begin with. */
export const requestPrefix = ({ destination, request }: Named): string =>
  `${hash(requestIdentity(destination, request))}-`;

/** The same, of one path. */
export const ownPrefix = (identity: UploadIdentity): string => `${requestPrefix(identity)}${hash(identity.realPath)}-`;

export const journalName = (identity: UploadIdentity, uploadId: string): string =>
  `${ownPrefix(identity)}${hash(uploadId).slice(0, 8)}${SUFFIX}`;

/** A name that cannot be guessed, so that nothing stands there. */
export const draftName = (identity: UploadIdentity): string =>
  `${ownPrefix(identity)}${randomBytes(8).toString('hex')}${DRAFT}`;
