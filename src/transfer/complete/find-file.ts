import { isRefusal, RequestError, type RequestFailure } from '../../core/errors/request-error.ts';
import type { ApiFile } from '../../core/model/api.ts';
import { fileId } from '../../core/model/api.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import { partsOf } from '../../core/model/manifest.ts';
import { isExpired } from '../../core/policy/resume.ts';
import type { PassDigest } from '../../core/ports.ts';
import { sameContent } from '../resume/same-content.ts';
import type { FileRun } from '../run.ts';

export type Search = { readonly manifest: Manifest; readonly digest: PassDigest };

/** Whether a File came of an Upload whose `complete` was not answered. */
export type Found =
  | { readonly kind: 'file'; readonly file: ApiFile }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unknown' };

/** Pages of the Files list that are looked through, newest first. */
const PAGES = 20;

/** Finds out. It may cancel the Upload: a refused cancel tells that it was completed, an accepted one that it was not. */
export const findFile = async (search: Search, run: FileRun, signal: AbortSignal): Promise<Found> => {
  run.emit({
    type: 'note',
    reason: 'looking-for-file',
    message: 'the answer to complete was lost: looking whether the File exists',
  });
  const candidates = await candidatesOf(search.manifest, run, signal);
  const sure = await sureAmong(candidates, search, run, signal);
  if (sure) return { kind: 'file', file: sure };
  const cancelled = await wasCancellable(search.manifest, run, signal);
  if (cancelled === true) return { kind: 'nothing' };
  const [only, another] = candidates ?? [];
  // A refused cancel of an upload whose hour is over tells nothing.
  const completed = cancelled === false && !isExpired(search.manifest, run.api.now());
  return only && !another && completed ? { kind: 'file', file: only } : { kind: 'unknown' };
};

/** The File that is surely this upload's, if the Files list shows it. Changes nothing at the server. */
export const sureOf = async (search: Search, run: FileRun, signal: AbortSignal): Promise<ApiFile | undefined> =>
  sureAmong(await candidatesOf(search.manifest, run, signal), search, run, signal);

/** A File with our content is ours; one that cannot be read is ours if it alone was made at its Upload's own time. */
async function sureAmong(
  candidates: readonly ApiFile[] | undefined,
  search: Search,
  run: FileRun,
  signal: AbortSignal,
): Promise<ApiFile | undefined> {
  const { ours, unreadable } = await compareContent(candidates ?? [], search, run, signal);
  return ours ?? madeWith(search.manifest, unreadable);
}

/** What comparing Files with our bytes tells. */
export type Compared = {
  readonly ours: ApiFile | undefined;
  readonly unreadable: readonly ApiFile[];
  /** Why one could not be read at the moment: another time it may be. */
  readonly failure: unknown;
};

/** Reads the Files until one has our content. */
export async function compareContent(
  candidates: readonly ApiFile[],
  search: Search,
  run: FileRun,
  signal: AbortSignal,
): Promise<Compared> {
  const unreadable: ApiFile[] = [];
  let failure: unknown;
  for (const file of candidates) {
    try {
      if (await hasContent(file, search, run, signal)) return { ours: file, unreadable, failure };
    } catch (error) {
      signal.throwIfAborted();
      unreadable.push(file);
      if (!isForGood(error)) failure ??= error;
    }
  }
  return { ours: undefined, unreadable, failure };
}

/** The one File among several that has the very time of its Upload, as OpenAI's have. */
export const madeWith = ({ createdAtMs }: Manifest, files: readonly ApiFile[]): ApiFile | undefined => {
  const [only, another] = files.filter(file => file.created_at === Math.floor(createdAtMs / 1000));
  return another ? undefined : only;
};

const hasContent = (file: ApiFile, { manifest, digest }: Search, run: FileRun, signal: AbortSignal) => {
  const attempt = () =>
    sameContent(run.api.content(fileId(file.id), signal), partsOf(manifest), digest.parts, () =>
      run.checksums.start(manifest.checksum),
    );
  return run.requests.send({ endpoint: 'content', emit: run.emit, attempt }, signal);
};

/** A refusal, also of what this key may do. */
export const isForGood = (error: unknown): boolean =>
  error instanceof RequestError && (saysNothing(error.failure) || error.failure.status === 403);

/** Files of the same purpose, name and size that are not older than the Upload; nothing where there is no such list. */
export async function candidatesOf(
  manifest: Manifest,
  run: FileRun,
  signal: AbortSignal,
): Promise<readonly ApiFile[] | undefined> {
  const found: ApiFile[] = [];
  let after: string | undefined;
  try {
    for (let page = 0; page < PAGES; page += 1) {
      const { data, has_more } = await listPage(manifest, after, run, signal);
      found.push(...data.filter(file => isCandidate(file, manifest)));
      after = data.at(-1)?.id;
      if (!has_more || after === undefined || data.every(file => isOlder(file, manifest))) break;
    }
    return found;
  } catch (error) {
    if (error instanceof RequestError && saysNothing(error.failure)) return undefined;
    throw error;
  }
}

/** There is no such list, or none that can be read. A conflict passes. */
const saysNothing = (failure: RequestFailure): boolean =>
  failure.kind === 'malformed' || (isRefusal(failure) && failure.status !== 409);

const listPage = ({ request }: Manifest, after: string | undefined, run: FileRun, signal: AbortSignal) =>
  run.requests.send(
    {
      endpoint: 'files',
      emit: run.emit,
      attempt: () => run.api.files({ purpose: request.purpose, after, limit: 100 }, signal),
    },
    signal,
  );

const isOlder = ({ created_at }: ApiFile, { createdAtMs }: Manifest): boolean =>
  typeof created_at === 'number' && created_at < Math.floor(createdAtMs / 1000);

const isCandidate = (file: ApiFile, manifest: Manifest): boolean =>
  file.filename === manifest.request.filename &&
  (file.purpose ?? manifest.request.purpose) === manifest.request.purpose &&
  (file.bytes ?? manifest.request.bytes) === manifest.request.bytes &&
  !isOlder(file, manifest);

/** True: it was pending and is cancelled now. False: refused, so it was completed. Nothing: it cannot be told. */
async function wasCancellable({ uploadId }: Manifest, run: FileRun, signal: AbortSignal): Promise<boolean | undefined> {
  let answerLost = false;
  try {
    const { status } = await run.requests.send(
      {
        endpoint: 'cancel',
        emit: run.emit,
        isFinal: error => {
          answerLost ||= error.failure.mayBeDone;
          return isRefusal(error.failure);
        },
        attempt: () => run.api.cancel(uploadId, signal),
      },
      signal,
    );
    return status === 'cancelled' ? true : undefined;
  } catch (error) {
    // After a lost answer a refusal may mean that it was cancelled before.
    if (error instanceof RequestError && isRefusal(error.failure)) return answerLost ? undefined : false;
    throw error;
  }
}
