import type { UploadError } from '../errors/errors.ts';
import type { CompletedResult, UnfinishedResult } from '../outcome/result.ts';
import type { ByteRange } from './byte-range.ts';
import type { CheckService, CheckSettings } from './check.ts';
import type { Destination } from './destination.ts';
import type { Fingerprint } from './manifest.ts';
import { makePlan, type Plan } from './plan.ts';

/** One file to push, with all options that apply to it. */
export type FileJob = {
  readonly path: string;
  readonly filename: string;
  readonly purpose: string;
  readonly mimeType: string;
  readonly expiresAfterSeconds: number | undefined;
  readonly partSize: number | undefined;
  readonly md5: boolean;
  readonly restart: boolean;
  readonly lockWaitMs: number;
  readonly cancelOnInterrupt: boolean;
  /** A file that the ledger knows and the server still has is not sent again. */
  readonly skipUploaded: boolean;
  /** Wait so long until the server has processed the File; absent: do not wait. */
  readonly waitMs?: number | undefined;
  readonly destination: Destination;
  /** Absent: the lines are not checked. */
  readonly check?: CheckSettings | undefined;
  /** Only these lines of the file are pushed. */
  readonly range?: ByteRange | undefined;
  /** What events call it, where several jobs have one path. */
  readonly label?: string | undefined;
};

/** What may be asked of a push besides its file, its purpose and its destination. */
export type JobOptions = {
  readonly [Name in Exclude<keyof FileJob, keyof JobTarget>]?: FileJob[Name] | undefined;
};

/** Which file, as what, and where to. */
export type JobTarget = Pick<FileJob, 'path' | 'filename' | 'purpose' | 'mimeType' | 'destination'>;

/** The one place that maps a file to its push. */
export const fileJob = (target: JobTarget, options: JobOptions): FileJob => ({
  expiresAfterSeconds: undefined,
  partSize: undefined,
  md5: true,
  restart: false,
  lockWaitMs: 0,
  cancelOnInterrupt: false,
  skipUploaded: false,
  ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  ...target,
});

/** The result of one file, and what to do once it was written: only then is the upload forgotten. */
export type Pushed = { written(): Promise<void> } & (
  | { readonly result: CompletedResult; readonly error?: undefined }
  | { readonly result: UnfinishedResult; readonly error: UploadError }
);

/** The path that means stdin. */
export const STDIN = '-';

/** The plan of a job for the file as it is now. */
export const planFor = (job: FileJob, { size: whole }: Pick<Fingerprint, 'size'>): Plan => {
  const size = job.range ? job.range.end - job.range.start : whole;
  return makePlan({
    request: {
      filename: job.filename,
      purpose: job.purpose,
      bytes: size,
      mimeType: job.mimeType,
      ...(job.expiresAfterSeconds !== undefined && { expiresAfterSeconds: job.expiresAfterSeconds }),
    },
    partSize: job.partSize,
    md5: job.md5,
    check: job.check && {
      ...job.check,
      filename: job.filename,
      purpose: job.purpose,
      bytes: size,
      firstLine: job.range?.firstLine ?? 1,
      service: serviceOf(job.destination),
    },
  });
};

/** What events call a job. */
export const labelOf = ({ label, path }: FileJob): string => label ?? path;

/** OpenAI's regions have hosts of their own, such as eu.api.openai.com. */
const OPENAI = /^https:\/\/(?:[a-z-]+\.)?api\.openai\.com(?:\/|$)/;

/** Whose rules a destination follows: the embedded server follows OpenAI's. */
export const serviceOf = (destination: Destination): CheckService => {
  if (destination.kind === 'azure') return 'azure';
  return destination.kind === 'local' || OPENAI.test(destination.baseUrl) ? 'openai' : 'other';
};
