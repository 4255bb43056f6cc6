// A program that uses the library, for the compiler only: against the sources by `npm run typecheck`, against what is
// published by the test of the package. Nothing here runs.
import {
  type ApiFile,
  type ErrorCode,
  type PushOptions,
  type PushResult,
  push,
  type ResultError,
  type UnfinishedResult,
  UploadError,
  type UploadEvent,
} from 'oai-upload';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <Claim extends true>(claim?: Claim): Claim | undefined => claim;

// What it is given.
holds<Same<Parameters<typeof push>, [path: string, options: PushOptions]>>();
holds<Same<PushOptions['concurrency'], number | 'auto' | undefined>>();
export const least: PushOptions = { purpose: 'batch' };
export const withUndefined: PushOptions = { purpose: 'batch', partSize: undefined, signal: undefined };
// @ts-expect-error the purpose is missing
export const without: PushOptions = {};
// @ts-expect-error there is no such option
export const misspelt: PushOptions = { purpose: 'batch', concurency: 4 };
// @ts-expect-error neither a number nor auto
export const many: PushOptions = { purpose: 'batch', concurrency: 'many' };
// @ts-expect-error a text
export const anything: PushOptions = { purpose: 'batch', expiresAfterSeconds: '1h' };

// What it resolves with.
holds<Same<Awaited<ReturnType<typeof push>>, PushResult>>();
holds<Same<PushResult['status'], 'completed' | 'skipped'>>();
holds<Same<PushResult['file_id'], string>>();
holds<Same<PushResult['upload_id'], string | null>>();
holds<Same<PushResult['md5'], string | null>>();
export const created = ({ file }: PushResult): number | null | undefined => file.created_at;
export const unknownField = ({ file }: PushResult): unknown => file['of_a_later_api'];
holds<PushResult['file'] extends ApiFile ? true : false>();
// @ts-expect-error results are read-only
export const change = (result: PushResult): unknown => (result.file_id = '');

// What it rejects with.
export const told = (error: unknown): string => {
  if (!(error instanceof UploadError)) return 'none of ours';
  holds<Same<typeof error.code, ErrorCode>>();
  holds<Same<typeof error.result, UnfinishedResult | undefined>>();
  holds<Same<UnfinishedResult['status'], 'failed' | 'interrupted'>>();
  holds<UnfinishedResult['error'] extends ResultError ? true : false>();
  const { code, reason, message, hint, httpStatus, requestId, exitCode, resumable, result } = error;
  const facts: readonly [boolean, number, number | undefined] = [resumable, exitCode, httpStatus];
  return [code, reason, message, hint, requestId, facts, result?.error.exit_code].join(' ');
};
holds<'INTERRUPTED' extends ErrorCode ? true : false>();
holds<Same<'NONE' extends ErrorCode ? true : false, false>>();

// What it tells meanwhile: a union by type, with the names that results have.
export const line = (event: UploadEvent): string => {
  holds<Same<typeof event.at | typeof event.path, string>>();
  switch (event.type) {
    case 'upload.created':
      holds<Same<typeof event.expires_at_ms, number | undefined>>();
      return event.upload_id;
    case 'part.finished':
      return `${event.part} ${event.part_id} ${event.size}`;
    case 'part.retrying':
      return `${event.attempt} ${event.delay_ms} ${event.error.http_status ?? event.error.reason}`;
    case 'upload.restarted':
      return event.because;
    case 'error':
      return `${event.code} ${event.exit_code} ${event.hint ?? ''}`;
    // @ts-expect-error there is no such event
    case 'part.vanished':
      return '';
    default:
      // @ts-expect-error not every event has it
      return event.part_id;
  }
};

export const uploaded = async (signal: AbortSignal): Promise<string> => {
  const { file_id } = await push('data.jsonl', { purpose: 'batch', signal, onEvent: line });
  return file_id;
};
