// The library. All that is exported here is public.
export type { ApiFile } from './core/api-file.ts';
export { type ErrorCode, UploadError } from './core/errors.ts';
export type { CompletedResult as PushResult, ResultError, UnfinishedResult } from './core/result.ts';
export type { UploadEvent } from './core/upload-event.ts';
export type { PushOptions } from './library/options.ts';
export { push } from './library/push.ts';
