import { basename } from 'node:path';
import type { Values } from '../../cli/options/option.ts';
import type { pushOptions } from '../../cli/options/options.ts';
import type { transferOptions } from '../../cli/options/transfer-options.ts';
import { asUploadError, isStopped, type UploadError, usageError } from '../../core/errors/errors.ts';
import { checkSettings } from '../../core/model/check.ts';
import { type FileJob, fileJob, type JobOptions, labelOf, type Pushed, STDIN } from '../../core/model/file-job.ts';
import type { Destination } from '../../core/model/request.ts';
import type { FirstFailure } from '../../core/outcome/first-failure.ts';
import type { PushResult } from '../../core/outcome/result.ts';
import { sentName } from '../../io/source/path-bytes.ts';

export type PushValues = Values<typeof pushOptions>;

export type Located = { readonly file: string; readonly size: number };

export type PushEffects = {
  /** Pushes one file of this size when its turn has come; never throws. */
  pushFile(job: FileJob, size: number): Promise<Pushed>;
  /** Settles when the result was written, or it will not be read; rejects where it is lost. */
  writeResult(index: number, result: PushResult): Promise<void>;
  reportFailure(path: string, error: UploadError): void;
  /** The file behind a path, whatever it is called, and its size where there is one. */
  locate(path: string): Promise<Located>;
};

/**
 * Pushes every file, and writes each result in argument order. The failure that counts is that of the first file that did
 * not complete: those that were stopped because of it do not count.
 */
export const pushAll = async (jobs: readonly FileJob[], effects: PushEffects): Promise<FirstFailure | undefined> => {
  const outcomeOf = onceForEachFile(effects);
  const located = await Promise.all(jobs.map(({ path }) => effects.locate(path)));
  const errors = await Promise.all(
    jobs.map(async (job, index) => {
      const { result, error, written } = await outcomeOf(job, located[index] as Located);
      if (error) effects.reportFailure(labelOf(job), error);
      const lost = await handedOver(() => effects.writeResult(index, { ...result, path: job.path }), written);
      if (lost) effects.reportFailure(labelOf(job), lost);
      return error ?? lost;
    }),
  );
  const index = errors.findIndex(error => error && !isStopped(error));
  return index < 0 ? undefined : { index, exitCode: (errors[index] as UploadError).exitCode };
};

/** A result that could not be written is remembered, so that the same command can write it another time. */
const handedOver = async (
  write: () => Promise<void>,
  forget: () => Promise<void>,
): Promise<UploadError | undefined> => {
  try {
    await write();
  } catch (error) {
    return asUploadError(error);
  }
  await forget();
  return undefined;
};

/** A file that is named twice is sent once. */
function onceForEachFile({ pushFile }: PushEffects) {
  const outcomes = new Map<string, Promise<Pushed>>();
  return (job: FileJob, { file, size }: Located): Promise<Pushed> => {
    const name = `${job.range?.start ?? ''} ${file}`;
    const outcome = outcomes.get(name) ?? pushFile(job, sizeOf(job, size));
    outcomes.set(name, outcome);
    return outcome;
  };
}

const sizeOf = ({ range }: FileJob, whole: number): number => (range ? range.end - range.start : whole);

export type JobContext = { readonly destination: Destination; mimeTypeOf(filename: string): string };

/** The jobs of a command line. */
export const jobsOf = (
  files: readonly string[],
  values: PushValues,
  { destination, mimeTypeOf }: JobContext,
): readonly FileJob[] => {
  if (files.length === 0 && values.filesFrom === undefined) throw usageError("missing required argument 'file'");
  const purpose = requirePurpose(values.purpose);
  if (values.filename !== undefined && files.length > 1) {
    throw usageError('--filename goes with one file only', `${files.length} files were named`);
  }
  requireFitsStdin(files, values);
  return files.map(path => {
    const filename = values.filename ?? sentName(basename(path));
    const target = { path, filename, purpose, mimeType: values.mimeType ?? mimeTypeOf(filename), destination };
    return fileJob(target, {
      ...optionsOfJob(purpose, values),
      partSize: values.partSize,
      restart: values.restart,
      skipUploaded: values.skipUploaded,
      expiresAfterSeconds: values.expiresAfter,
    });
  });
};

/** What `push` and `resume` may ask of every file. */
export const optionsOfJob = (purpose: string, values: Values<typeof transferOptions>): JobOptions => ({
  md5: !values.noMd5,
  lockWaitMs: values.lockWait,
  cancelOnInterrupt: values.cancelOnInterrupt,
  waitMs: waitOf(values),
  check: checkSettings(purpose, { mode: values.noCheck ? 'off' : values.check, strict: values.strict }),
});

const DEFAULT_WAIT_MS = 1_800_000;

/** How long to wait for a File to be processed; nothing without `--wait`. */
export const waitOf = ({ wait, waitTimeout }: Pick<PushValues, 'wait' | 'waitTimeout'>): number | undefined =>
  wait ? (waitTimeout ?? DEFAULT_WAIT_MS) : undefined;

function requireFitsStdin(files: readonly string[], { filename, dryRun, size }: PushValues): void {
  if (!files.includes(STDIN)) {
    if (size !== undefined) throw usageError('--size goes with stdin only', 'oai-upload push - --filename … --size …');
    return;
  }
  if (filename === undefined)
    throw usageError('stdin has no name: --filename is missing', 'for example --filename data.jsonl');
  if (dryRun) throw usageError('--dry-run cannot plan stdin: its size is not known before it is read');
}

/** Every command that asks for a purpose refuses its absence in the same words. */
export const requirePurpose = (purpose: string | undefined): string => {
  if (purpose === undefined)
    throw usageError('--purpose is missing', 'for example --purpose fine-tune, batch, assistants, vision or user_data');
  return purpose;
};
