// The library. All that is exported here is public.

export { type ErrorCode, UploadError } from './core/errors/errors.ts';
export type { ApiFile } from './core/model/api-file.ts';
export type { CompletedResult as PushResult, ResultError, UnfinishedResult } from './core/outcome/result.ts';
export type { UploadEvent } from './core/outcome/upload-event.ts';
export type { PushOptions } from './library/options.ts';
export { push } from './library/push.ts';
