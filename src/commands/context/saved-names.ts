import { resolve } from 'node:path';
import { usageError } from '../../core/errors/errors.ts';
import { destinationRecord } from '../../core/model/destination.ts';
import type { Fingerprint, Manifest } from '../../core/model/manifest.ts';
import { bytesOf } from '../../core/model/part.ts';
import { isExpired } from '../../core/policy/resume.ts';
import type { SavedLine, SavedState } from '../../core/schema/results/saved.ts';

/** A manifest and the file at its path now, if there is one. */
export type Standing = { readonly manifest: Manifest; readonly now: Fingerprint | undefined };

export const savedLine = ({ manifest, now }: Standing, nowMs: number): SavedLine => ({
  path: manifest.path,
  filename: manifest.request.filename,
  purpose: manifest.request.purpose,
  bytes: manifest.request.bytes,
  bytes_done: bytesOf(manifest.finished.values()),
  parts: { total: Math.ceil(manifest.request.bytes / manifest.partSize), done: manifest.finished.size },
  upload_id: manifest.uploadId,
  expires_at: manifest.expiresAtMs === undefined ? null : Math.floor(manifest.expiresAtMs / 1000),
  state: stateOf({ manifest, now }, nowMs),
  base_url: destinationRecord(manifest.destination).baseUrl,
  created_at: Math.floor(manifest.createdAtMs / 1000),
});

function stateOf({ manifest, now }: Standing, nowMs: number): SavedState {
  if (manifest.completing || manifest.completed) return 'completing';
  if (isExpired(manifest, nowMs)) return 'expired';
  if (!now) return 'missing';
  const { size, mtimeNs } = manifest.fingerprint;
  return now.size === size && now.mtimeNs === mtimeNs ? 'resumable' : 'changed';
}

/** Something saved that can be named by its upload id or its file. */
type Named = { readonly manifest: Pick<Manifest, 'uploadId' | 'path'> };

/** The saved uploads that the arguments name. One that nothing is saved for is a mistake of usage. */
export const selectSaved = <T extends Named>(
  saved: readonly T[],
  names: readonly string[],
  { all, verb }: { readonly all: boolean; readonly verb: string },
): readonly T[] => {
  if (names.length === 0) {
    if (all) return saved;
    throw usageError(`${verb} what? Name an upload id or a file, or use --all`, whatIsSaved(saved));
  }
  return [...new Set(names.flatMap(name => requireSome(saved.filter(isNamed(name)), name, saved)))];
};

const isNamed =
  (name: string) =>
  ({ manifest }: Named): boolean =>
    manifest.uploadId === name || manifest.path === name || manifest.path === resolve(name);

const requireSome = <T extends Named>(found: readonly T[], name: string, saved: readonly T[]): readonly T[] => {
  if (found.length === 0) throw usageError(`nothing is saved for ${name}`, whatIsSaved(saved));
  return found;
};

const SHOWN = 10;

const whatIsSaved = (saved: readonly Named[]): string => {
  if (saved.length === 0) return 'no upload is saved: oai-upload push begins one';
  const shown = saved.slice(0, SHOWN).map(({ manifest }) => `${manifest.uploadId} (${manifest.path})`);
  return `saved: ${shown.join(', ')}${saved.length > SHOWN ? `, and ${saved.length - SHOWN} more` : ''}`;
};
