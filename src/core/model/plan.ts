import { sourceError, usageError } from '../errors/errors.ts';
import type { CheckRequest } from './check.ts';
import { MAX_PARTS, MAX_UPLOAD_BYTES } from './limits.ts';
import { automaticPartSize, type Part, planParts } from './part.ts';
import type { UploadRequest } from './request.ts';

/** All that can be known before any I/O. */
export type Plan = {
  readonly request: UploadRequest;
  readonly partSize: number;
  readonly parts: readonly Part[];
  /** Whether `complete` carries the md5 of the whole file. */
  readonly md5: boolean;
  /** What its lines are checked for; absent: they are not checked. */
  readonly check?: CheckRequest | undefined;
};

export type PlanWish = {
  readonly request: UploadRequest;
  readonly partSize: number | undefined;
  readonly md5: boolean;
  readonly check?: CheckRequest | undefined;
};

/** The plan, or why there cannot be one. */
export const makePlan = ({ request, partSize, md5, check }: PlanWish): Plan => {
  const { bytes, filename } = request;
  if (bytes === 0) throw sourceError('empty', `${filename} is empty: an upload needs at least one byte`);
  if (bytes > MAX_UPLOAD_BYTES) throw tooLarge(bytes);
  const size = partSize ?? automaticPartSize(bytes);
  const count = Math.ceil(bytes / size);
  if (count > MAX_PARTS) throw tooManyParts(bytes, size, count);
  return { request, partSize: size, parts: planParts(bytes, size), md5, check };
};

const tooLarge = (bytes: number) =>
  sourceError(
    'too-large',
    `the file has ${bytes} bytes, an upload takes at most ${MAX_UPLOAD_BYTES} (8 GiB)`,
    'split it into several files',
  );

const tooManyParts = (bytes: number, partSize: number, count: number) =>
  usageError(
    `--part-size ${partSize} makes ${count} parts of this file, more than ${MAX_PARTS}`,
    `use --part-size ${Math.ceil(bytes / MAX_PARTS)} or more, or leave it out`,
  );
