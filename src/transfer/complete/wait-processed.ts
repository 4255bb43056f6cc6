import { UploadError } from '../../core/errors/errors.ts';
import { asRunError, RequestError } from '../../core/errors/request-error.ts';
import { type ApiFile, fileId } from '../../core/model/api.ts';
import type { FileRun } from '../run.ts';

/** Between two questions where the server does not say. */
const POLL_MS = 5000;

/** Asks for the File until the server has processed it. A server that tells no status has nothing to process. */
export const waitProcessed = async (
  file: ApiFile,
  waitMs: number,
  run: FileRun,
  outer: AbortSignal,
): Promise<ApiFile> => {
  const late = AbortSignal.timeout(waitMs);
  const signal = AbortSignal.any([outer, late]);
  let latest = file;
  try {
    for (let againMs = 0; !isProcessed(latest); ) {
      run.emit({ type: 'file.processing', fileId: latest.id, status: latest.status ?? null });
      await run.clock.sleep(againMs, signal);
      const polled = await poll(latest.id, run, signal);
      latest = polled.file;
      againMs = polled.againMs ?? POLL_MS;
    }
  } catch (error) {
    outer.throwIfAborted();
    if (late.aborted) throw tooLate(latest, waitMs);
    throw error instanceof RequestError ? asRunError(error, goesOn) : error;
  }
  run.emit({ type: 'file.processed', fileId: latest.id });
  return latest;
};

function isProcessed(file: ApiFile): boolean {
  if (['error', 'deleting', 'deleted'].includes(file.status ?? '')) throw notProcessed(file);
  return file.status == null || file.status === 'processed';
}

const poll = (id: string, { requests, api, emit }: FileRun, signal: AbortSignal) =>
  requests.send({ endpoint: 'file', emit, attempt: () => api.poll(fileId(id), signal) }, signal);

const goesOn = 'run the same command again: it waits on, and uploads nothing';

const tooLate = ({ id, status }: ApiFile, waitMs: number): UploadError =>
  new UploadError(
    'UNAVAILABLE',
    `${id} is not processed after ${Math.round(waitMs / 1000)} s: its status is ${status}`,
    {
      reason: 'wait-timeout',
      hint: goesOn,
    },
  );

const notProcessed = ({ id, status, ...file }: ApiFile): UploadError => {
  const details = file['status_details'];
  const why = typeof details === 'string' && details !== '' ? `: ${details}` : '';
  return new UploadError('REJECTED', `the server could not process ${id}, its status is ${status}${why}`, {
    reason: 'file-processing',
    hint: 'look at what is in the file; --restart uploads it anew',
  });
};
