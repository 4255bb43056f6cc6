import { basename } from 'node:path';
import type { Values } from '../../cli/options/option.ts';
import type { pushOptions } from '../../cli/options/options.ts';
import type { transferOptions } from '../../cli/options/transfer-options.ts';
import { asUploadError, isStopped, type UploadError, usageError } from '../../core/errors/errors.ts';
import { checkSettings } from '../../core/model/check.ts';
import type { Destination } from '../../core/model/destination.ts';
import { type FileJob, fileJob, type JobOptions, labelOf, type Pushed, STDIN } from '../../core/model/file-job.ts';
import { earlierFailure, type FirstFailure } from '../../core/outcome/first-failure.ts';
import type { PushResult } from '../../core/outcome/result.ts';
import { sentName } from '../../io/source/path-bytes.ts';
import type { Paths } from './path-list.ts';
import type { Survey } from './survey.ts';

export type PushValues = Values<typeof pushOptions>;

/** Files to push, in the order of the command line. A job is made when it is needed: a list may name a million files. */
export type Jobs = { readonly size: number; at(index: number): FileJob };

export type PushEffects = {
  /** Pushes one file of this size when its turn has come; never throws. */
  pushFile(job: FileJob, size: number): Promise<Pushed>;
  /** Settles when the result was written, or it will not be read; rejects where it is lost. */
  writeResult(index: number, result: PushResult): Promise<void>;
  reportFailure(path: string, error: UploadError): void;
  /** Nothing more happens to the file of this name. */
  ended(path: string): void;
};

/**
 * Jobs that have begun and whose result is not written. It waits for those of earlier files: the more may wait, the more
 * small files go beside a big one.
 */
const WINDOW = 1000;

/**
 * Pushes every file, and writes each result in argument order. A file that is named twice is sent once. The failure that
 * counts is that of the first file that did not complete: those that were stopped because of it do not count.
 */
export const pushAll = async (jobs: Jobs, survey: Survey, effects: PushEffects): Promise<FirstFailure | undefined> => {
  const outcomes = new Map<number, Promise<Pushed>>();
  const outcomeOf = (job: FileJob, index: number): Promise<Pushed> => {
    const outcome = outcomes.get(survey.firstOf(index)) ?? effects.pushFile(job, survey.sizeOf(index));
    if (survey.mayRepeat(index)) outcomes.set(index, outcome);
    return outcome;
  };
  const dropUnique = survey.whole.then(() => {
    for (const index of outcomes.keys()) if (!survey.mayRepeat(index)) outcomes.delete(index);
  });
  let first: FirstFailure | undefined;
  const pushEach = inOrder(jobs.size, async index => {
    await survey.known(index);
    const job = jobs.at(index);
    const { result, error, written } = await outcomeOf(job, index);
    if (error) effects.reportFailure(labelOf(job), error);
    const lost = await handedOver(() => effects.writeResult(index, { ...result, path: job.path }), written);
    if (lost) effects.reportFailure(labelOf(job), lost);
    effects.ended(labelOf(job));
    const failure = error ?? lost;
    if (failure && !isStopped(failure)) first = earlierFailure(first, { index, exitCode: failure.exitCode });
  });
  await Promise.all([pushEach, dropUnique]);
  return first;
};

/** Begins one effect after the other, as many at the same time as the window is wide. */
const inOrder = async (count: number, effect: (index: number) => Promise<void>): Promise<void> => {
  let next = 0;
  const follow = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await effect(next - 1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, WINDOW) }, follow));
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

export type JobContext = { readonly destination: Destination; mimeTypeOf(filename: string): string };

/** The jobs of a command line: of its arguments, and of those paths together with the listed ones. */
export const jobsOf = (
  args: readonly string[],
  paths: Paths,
  values: PushValues,
  { destination, mimeTypeOf }: JobContext,
): Jobs => {
  if (args.length === 0 && values.filesFrom === undefined) throw usageError("missing required argument 'file'");
  const purpose = requirePurpose(values.purpose);
  if (values.filename !== undefined && paths.size > 1) {
    throw usageError('--filename goes with one file only', `${paths.size} files were named`);
  }
  requireFitsStdin(args, values);
  const options = {
    ...optionsOfJob(purpose, values),
    partSize: values.partSize,
    restart: values.restart,
    skipUploaded: values.skipUploaded,
    expiresAfterSeconds: values.expiresAfter,
  };
  const jobOf = (path: string): FileJob => {
    const filename = values.filename ?? sentName(basename(path));
    return fileJob(
      { path, filename, purpose, mimeType: values.mimeType ?? mimeTypeOf(filename), destination },
      options,
    );
  };
  return { size: paths.size, at: index => jobOf(paths.at(index)) };
};

/** The same jobs for another server. */
export const jobsTo = (jobs: Jobs, destination: Destination): Jobs => ({
  size: jobs.size,
  at: index => ({ ...jobs.at(index), destination }),
});

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

function requireFitsStdin(args: readonly string[], { filename, dryRun, size }: PushValues): void {
  if (!args.includes(STDIN)) {
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
