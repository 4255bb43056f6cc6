import { UploadError } from '../../core/errors/errors.ts';
import { isRefusal, RequestError } from '../../core/errors/request-error.ts';
import type { ApiFile } from '../../core/model/api.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import type { Journal, PassDigest, Source } from '../../core/ports.ts';
import type { FileRun } from '../run.ts';
import { findFile, sureOf } from './find-file.ts';

export type Completing = {
  readonly journal: Journal;
  readonly source: Source;
  readonly digest: PassDigest;
  /** Failures after which this upload is given up anyway. */
  isFinal(error: RequestError): boolean;
};

/** The File, or the knowledge that the server completed nothing. */
export type Completed =
  | { readonly kind: 'file'; readonly file: ApiFile }
  | { readonly kind: 'nothing completed'; readonly refusal: RequestError };

/**
 * Asks for `complete` until there is a definite answer. `complete` cannot be repeated safely and an Upload cannot be
 * read back, so once an answer was lost a refusal may mean "already done": then the Files list and `cancel` tell.
 */
export const complete = async (completing: Completing, run: FileRun, signal: AbortSignal): Promise<Completed> => {
  const { journal, digest } = completing;
  const { uploadId, request } = journal.manifest();
  let answerLost = journal.manifest().completing;
  await journal.completing();
  run.emit({ type: 'upload.completing', uploadId });

  const isFinal = (error: RequestError): boolean => {
    const final = (answerLost && isRefusal(error.failure)) || completing.isFinal(error);
    answerLost ||= error.failure.mayBeDone;
    return final;
  };
  try {
    const { file } = await run.requests.send(
      {
        endpoint: 'complete',
        emit: run.emit,
        isFinal,
        attempt: () =>
          run.api.complete(uploadId, partIdsOf(journal.manifest()), { md5: digest.md5, bytes: request.bytes }, signal),
      },
      signal,
    );
    return { kind: 'file', file };
  } catch (error) {
    // A File of another size is a definite answer too.
    if (error instanceof UploadError && error.code === 'INTEGRITY') await journal.refused();
    if (!(error instanceof RequestError)) throw error;
    if (answerLost) return afterLostAnswer(error, completing, run, signal);
    // A definite refusal: the next run must not take "completing" for a lost answer.
    if (isRefusal(error.failure)) await journal.refused();
    throw error;
  }
};

/** Ids in the order of the parts; an id for every part, or nothing is asked. */
const partIdsOf = ({ finished, request, partSize }: Manifest) =>
  Array.from({ length: Math.ceil(request.bytes / partSize) }, (_, index) => {
    const part = finished.get(index + 1);
    if (!part) throw new Error(`part ${index + 1} has no id at complete`);
    return part.id;
  });

async function afterLostAnswer(
  error: RequestError,
  completing: Completing,
  run: FileRun,
  signal: AbortSignal,
): Promise<Completed> {
  const manifest = completing.journal.manifest();
  const search = { manifest, digest: completing.digest };
  if (!isRefusal(error.failure)) {
    // Out of attempts without a definite answer: only a File that is surely ours ends it well.
    const file = await sureOf(search, run, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (!file) throw error;
    return { kind: 'file', file };
  }
  const found = await findFile(search, run, signal);
  if (found.kind === 'file') return found;
  if (found.kind === 'nothing') {
    await completing.journal.refused();
    return { kind: 'nothing completed', refusal: error };
  }
  throw uncertain(error, manifest);
}

const uncertain = (error: RequestError, { uploadId, request }: Manifest): UploadError =>
  new UploadError(
    'UNCERTAIN',
    `the answer to complete was lost, and the server does not say whether the File exists: ${error.message}`,
    {
      reason: 'complete-unknown',
      hint: `look for "${request.filename}" (${request.bytes} bytes, purpose ${request.purpose}) in the Files list; if it is not there, run again with --restart (upload ${uploadId})`,
      cause: error,
      httpStatus: error.failure.status,
      requestId: error.failure.requestId,
    },
  );
