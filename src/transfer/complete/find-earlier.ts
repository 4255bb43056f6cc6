import type { ApiFile } from '../../core/model/api.ts';
import { type Manifest, partsOf } from '../../core/model/manifest.ts';
import type { Source } from '../../core/ports.ts';
import type { FileRun } from '../run.ts';
import { candidatesOf, sureAmong } from './find-file.ts';

/** A File that an earlier run made of a saved upload, and the md5 of the source. */
export type Earlier = { readonly file: ApiFile; readonly md5: string | undefined };

/**
 * Looks whether a saved upload became a File although its journal does not say so: a run whose journal could not be
 * written may have completed it. Without a candidate in the Files list no byte is read.
 */
export const findEarlier = async (
  manifest: Manifest,
  source: Source,
  run: FileRun,
  signal: AbortSignal,
): Promise<Earlier | undefined> => {
  const candidates = await candidatesOf(manifest, run, signal);
  if (!candidates || candidates.length === 0) return undefined;
  const { md5: withMd5, checksum } = manifest;
  const digest = await source.digest({ parts: partsOf(manifest), md5: withMd5, checksum }, signal);
  const file = await sureAmong(candidates, { manifest, digest }, run, signal);
  return file && { file, md5: digest.md5 };
};
