import type { ApiFile } from '../../core/model/api.ts';
import { isSameFingerprint, type Manifest, partsOf } from '../../core/model/manifest.ts';
import type { PassDigest, Source } from '../../core/ports.ts';
import { requireUnchanged } from '../resume/require-unchanged.ts';
import type { FileRun } from '../run.ts';
import { candidatesOf, compareContent, isForGood, madeWith } from './find-file.ts';

/** A File that an earlier run made of a saved upload, and the md5 of the source. */
export type Earlier = { readonly file: ApiFile; readonly md5: string | undefined };

/**
 * Looks whether a saved upload became a File although its journal does not say so: a run whose journal could not be
 * written may have completed it. Without a candidate in the Files list no byte is read. Rejects where the server cannot
 * be asked at the moment: starting over then might make a second File.
 */
export const findEarlier = async (
  manifest: Manifest,
  source: Source,
  run: FileRun,
  signal: AbortSignal,
): Promise<Earlier | undefined> => {
  const candidates = await candidatesThatMayBeSeen(manifest, run, signal);
  if (candidates.length === 0) return undefined;
  const message = 'the server has a File of this name and size: comparing it, before anything is sent again';
  run.emit({ type: 'note', reason: 'looking-for-file', message });
  const { md5, checksum } = manifest;
  const parts = partsOf(manifest);
  const onProgress = (hashed: number): void => run.emit({ type: 'digest.progress', hashed });
  const digest = await source.digest({ parts, md5, checksum, onProgress }, signal);
  await requireUnchanged(source, { parts, checksum, digest }, signal);
  const file = await ours(candidates, { manifest, digest }, source, run, signal);
  if (!file) return undefined;
  const { uploadId, expiresAtMs, request } = manifest;
  run.emit({ type: 'upload.resumed', uploadId, expiresAtMs, parts: parts.length, bytes: request.bytes });
  return { file, md5: digest.md5 };
};

/** A key that may upload need not be one that may list: then it is as where there is no list. */
const candidatesThatMayBeSeen = (manifest: Manifest, run: FileRun, signal: AbortSignal): Promise<readonly ApiFile[]> =>
  candidatesOf(manifest, run, signal).then(
    found => found ?? [],
    error => (isForGood(error) ? [] : Promise.reject(error)),
  );

async function ours(
  candidates: readonly ApiFile[],
  search: { readonly manifest: Manifest; readonly digest: PassDigest },
  source: Source,
  run: FileRun,
  signal: AbortSignal,
): Promise<ApiFile | undefined> {
  const { ours: same, unreadable, failure } = await compareContent(candidates, search, run, signal);
  if (same) return same;
  if (failure !== undefined) throw failure;
  // Its time tells that it came of this Upload, not that the Upload had the bytes of today.
  return isAsItWas(search.manifest, search.digest, source) ? madeWith(search.manifest, unreadable) : undefined;
}

/** Whether the source still has the bytes that it had when the upload began. */
const isAsItWas = ({ finished, fingerprint }: Manifest, { parts }: PassDigest, source: Source): boolean =>
  [...finished.values()].every(part => parts.get(part.number) === part.digest) &&
  (finished.size === parts.size || isSameFingerprint(fingerprint, source.fingerprint));
