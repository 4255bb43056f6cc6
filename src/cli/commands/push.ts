import { basename } from 'node:path';
import { type UploadError, usageError } from '../../core/errors.ts';
import type { FileJob, Pushed } from '../../core/file-job.ts';
import type { Limit } from '../../core/ports.ts';
import type { Destination } from '../../core/request.ts';
import type { PushResult } from '../../core/result.ts';
import type { Values } from '../option.ts';
import type { pushOptions } from '../options.ts';

export type PushValues = Values<typeof pushOptions>;

export type PushEffects = {
  /** Pushes one file; never throws. */
  pushFile(job: FileJob): Promise<Pushed>;
  /** Settles when the result was written, or nobody will read it. */
  writeResult(index: number, result: PushResult): Promise<void>;
  reportFailure(path: string, error: UploadError): void;
  /** The file behind a path, whatever it is called. */
  realPath(path: string): Promise<string>;
  /** Files in flight at once. */
  readonly limit: Limit;
};

/** Pushes every file, and writes each result in argument order. The code is that of the first file that did not complete. */
export const pushAll = async (jobs: readonly FileJob[], effects: PushEffects): Promise<number> => {
  const outcomeOf = onceForEachFile(effects);
  const codes = await Promise.all(
    jobs.map(async (job, index) => {
      const { result, error, written } = await outcomeOf(job);
      if (error) effects.reportFailure(job.path, error);
      await effects.writeResult(index, { ...result, path: job.path });
      await written();
      return error ? error.exitCode : 0;
    }),
  );
  return codes.find(code => code !== 0) ?? 0;
};

/** A file that is named twice is sent once. */
function onceForEachFile({ pushFile, realPath, limit }: PushEffects) {
  const outcomes = new Map<string, Promise<Pushed>>();
  return async (job: FileJob): Promise<Pushed> => {
    const file = await realPath(job.path);
    const outcome = outcomes.get(file) ?? limit(() => pushFile(job));
    outcomes.set(file, outcome);
    return outcome;
  };
}

export type JobContext = { readonly destination: Destination; mimeTypeOf(filename: string): string };

/** The jobs of a command line. */
export const jobsOf = (
  files: readonly string[],
  values: PushValues,
  { destination, mimeTypeOf }: JobContext,
): readonly FileJob[] => {
  const purpose = requirePurpose(values.purpose);
  if (values.filename !== undefined && files.length > 1) {
    throw usageError('--filename goes with one file only', `${files.length} files were named`);
  }
  return files.map(path => {
    const filename = values.filename ?? basename(path);
    return {
      path,
      filename,
      purpose,
      mimeType: values.mimeType ?? mimeTypeOf(filename),
      expiresAfterSeconds: values.expiresAfter,
      partSize: values.partSize,
      md5: !values.noMd5,
      restart: values.restart ?? false,
      lockWaitMs: values.lockWait ?? 0,
      cancelOnInterrupt: values.cancelOnInterrupt ?? false,
      skipUploaded: values.skipUploaded ?? false,
      destination,
    };
  });
};

/** Every command that asks for a purpose refuses its absence in the same words. */
export const requirePurpose = (purpose: string | undefined): string => {
  if (purpose === undefined)
    throw usageError('--purpose is missing', 'for example --purpose fine-tune, batch, assistants, vision or user_data');
  return purpose;
};
