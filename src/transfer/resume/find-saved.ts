import type { Manifest } from '../../core/model/manifest.ts';
import { partsOf } from '../../core/model/manifest.ts';
import { requestIdentity } from '../../core/model/request.ts';
import { decide, isExpired, isSettling, type StartReason } from '../../core/policy/resume.ts';
import type { Journal, SavedUpload, Source, UploadIdentity } from '../../core/ports.ts';
import { type Earlier, findEarlier } from '../complete/find-earlier.ts';
import type { FileRun } from '../run.ts';

/** What to go on with: a journal of an earlier run, or nothing and why. */
export type Beginning =
  | { readonly kind: 'resume'; readonly journal: Journal }
  /** An earlier run completed it, and could not say so. */
  | ({ readonly kind: 'found'; readonly journal: Journal } & Earlier)
  | { readonly kind: 'start'; readonly because: StartReason };

/** The saved upload of this very path, or else one of another path whose finished parts all match these bytes. */
export const findSaved = async (
  identity: UploadIdentity,
  source: Source,
  { restart }: { readonly restart: boolean },
  run: FileRun,
  signal: AbortSignal,
): Promise<Beginning> => {
  const own = await run.manifests.own(identity).catch(error => (restart ? undefined : Promise.reject(error)));
  if (own || restart) return ofThisPath(own, identity, source, restart, run, signal);
  for (const { manifest } of await run.manifests.elsewhere(identity)) {
    const journal = await adoptIfSame(manifest, identity, source, run, signal);
    if (journal) return { kind: 'resume', journal };
  }
  return { kind: 'start', because: 'no manifest' };
};

async function ofThisPath(
  own: SavedUpload | undefined,
  { request, realPath }: UploadIdentity,
  source: Source,
  restart: boolean,
  run: FileRun,
  signal: AbortSignal,
): Promise<Beginning> {
  if (own?.manifest.apiVersion !== undefined) run.api.useClassic(own.manifest.apiVersion);
  const nowMs = own ? await serverTime(own.manifest, run, signal) : 0;
  const decision = decide({ saved: own?.manifest, size: request.bytes, restart, nowMs });
  if (decision.kind === 'resume' && own) {
    const journal = await own.open();
    // A run that adopted it was killed before it could say so.
    if (journal.manifest().path !== realPath) await journal.rehome(realPath, source.fingerprint);
    return { kind: 'resume', journal };
  }
  if (own && decision.kind === 'start' && decision.because === 'upload expired') {
    const earlier = await findEarlier(own.manifest, source, run, signal);
    if (earlier) return { kind: 'found', journal: await own.open(), ...earlier };
  }
  await own?.forget();
  return { kind: 'start', because: decision.kind === 'start' ? decision.because : 'no manifest' };
}

/** Looks over at the server's clock before a saved upload is given up for expired: ours may be wrong. */
async function serverTime(manifest: Manifest, run: FileRun, signal: AbortSignal): Promise<number> {
  if (!isExpired(manifest, run.api.now())) return run.api.now();
  const attempt = () => run.api.files({ purpose: manifest.request.purpose, limit: 1 }, signal);
  await run.requests
    .send({ endpoint: 'files', emit: run.emit, isFinal: () => true, attempt }, signal)
    .catch(() => signal.throwIfAborted());
  return run.api.now();
}

async function adoptIfSame(
  manifest: Manifest,
  identity: UploadIdentity,
  source: Source,
  run: FileRun,
  signal: AbortSignal,
): Promise<Journal | undefined> {
  if (!(await isAdoptable(manifest, run))) return undefined;
  // A path that another run is uploading right now keeps its upload.
  const release = await run.locks
    .acquire(lockName({ ...identity, realPath: manifest.path }), 0, signal)
    .catch(() => undefined);
  if (!release) return undefined;
  try {
    // Read again now that it is locked: the run that had it may have gone on meanwhile, or ended.
    const others = await run.manifests.elsewhere(identity);
    const saved = others.find(other => other.manifest.uploadId === manifest.uploadId);
    if (!saved || !(await isAdoptable(saved.manifest, run))) return undefined;
    if (!(await finishedPartsMatch(saved.manifest, source, run, signal))) return undefined;
    if (saved.manifest.apiVersion !== undefined) run.api.useClassic(saved.manifest.apiVersion);
    return await saved.adopt(identity, source.fingerprint);
  } finally {
    await release();
  }
}

async function isAdoptable(manifest: Manifest, { api, openSource }: FileRun): Promise<boolean> {
  if (manifest.finished.size === 0) return false;
  // The File it became, or may have become, is that of its own path, unless the file has left from there.
  return isSettling(manifest) ? !(await isThere(manifest.path, openSource)) : !isExpired(manifest, api.now());
}

const isThere = (path: string, openSource: FileRun['openSource']): Promise<boolean> =>
  openSource(path).then(
    async source => {
      await source.close();
      return true;
    },
    () => false,
  );

/** Read before anything is sent: a part sent to another file's upload would spoil it. */
async function finishedPartsMatch(
  manifest: Manifest,
  source: Source,
  { emit }: FileRun,
  signal: AbortSignal,
): Promise<boolean> {
  const differs = new AbortController();
  const parts = partsOf(manifest).filter(({ number }) => manifest.finished.has(number));
  const onPart = (number: number, digest: string): void => {
    if (manifest.finished.get(number)?.digest !== digest) differs.abort();
  };
  try {
    const onProgress = (hashed: number): void => emit({ type: 'digest.progress', hashed });
    await source.digest(
      { parts, md5: false, checksum: manifest.checksum, onPart, onProgress },
      AbortSignal.any([signal, differs.signal]),
    );
    return !differs.signal.aborted;
  } catch (error) {
    if (differs.signal.aborted && !signal.aborted) return false;
    throw error;
  }
}

/** What is locked: destination, request and real path. */
export const lockName = ({ destination, request: { bytes: _bytes, ...request }, realPath }: UploadIdentity): string =>
  JSON.stringify([requestIdentity(destination, request), realPath]);
