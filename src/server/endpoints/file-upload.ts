import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_SINGLE_REQUEST_BYTES } from '../../core/model/limits.ts';
import { type Form, receiveForm } from '../form/form.ts';
import { boundaryOf } from '../form/form-head.ts';
import { ApiError } from '../http/api-error.ts';
import type { Context } from '../http/context.ts';
import type { Exchange } from '../http/exchange.ts';
import { json, type Reply } from '../http/reply.ts';
import { contentNameFor } from '../store/content-name.ts';
import { fileLifetime } from '../store/file-lifetime.ts';
import { publishFile, STAGED_CONTENT, stageFile } from '../store/folder.ts';
import { newFileId } from '../store/ids.ts';
import { type FileRecord, fileObject } from '../store/records.ts';
import { accept, FileForm } from './schemas.ts';

const MAX_BATCH_BYTES = 200_000_000;
const ANCHOR = 'expires_after[anchor]';
const SECONDS = 'expires_after[seconds]';

/** `POST /files`: a whole file in one request. */
export async function uploadFile(exchange: Exchange, { dir }: Context): Promise<Reply> {
  const boundary = boundaryOf(exchange.request.headers['content-type']);
  const staged = await stageFile(dir);
  try {
    const path = join(staged, STAGED_CONTENT);
    const rules = { boundary, file: 'file', texts: ['purpose', ANCHOR, SECONDS], path, checkSize };
    const record = fileRecordOf(await receiveForm(exchange.body.chunks(), rules));
    await publishFile(dir, staged, record);
    return json(fileObject(record));
  } finally {
    await rm(staged, { recursive: true, force: true }); // renamed away if all went well
  }
}

function checkSize(bytes: number): void {
  if (bytes > MAX_SINGLE_REQUEST_BYTES) throw fileTooLarge();
}

function fileRecordOf({ texts, filename, bytes }: Form): FileRecord {
  const { purpose, expires_after } = accept(FileForm, plainForm(texts));
  if (/^(batch|fine-tune)$/.test(purpose) && !filename.endsWith('.jsonl')) {
    throw new ApiError(
      400,
      `Invalid file format for ${purpose === 'batch' ? 'Batch' : 'Fine-Tuning'} API. Must be .jsonl`,
    );
  }
  if (purpose === 'batch' && bytes > MAX_BATCH_BYTES) throw new ApiError(400, 'File is too large.');
  return {
    id: newFileId(),
    bytes,
    filename,
    purpose,
    createdAtMs: Date.now(),
    ...fileLifetime(purpose, expires_after?.seconds),
    contentName: contentNameFor(filename),
  };
}

function plainForm(texts: ReadonlyMap<string, string>): object {
  const [purpose, anchor, seconds] = ['purpose', ANCHOR, SECONDS].map(name => texts.get(name));
  const expires = {
    ...(anchor !== undefined && { anchor }),
    ...(seconds !== undefined && { seconds: /^\d+$/.test(seconds) ? Number(seconds) : seconds }),
  };
  return {
    ...(purpose !== undefined && { purpose }),
    ...((anchor !== undefined || seconds !== undefined) && { expires_after: expires }),
  };
}

export const fileTooLarge = (): ApiError =>
  new ApiError(413, `File is too large: at most ${MAX_SINGLE_REQUEST_BYTES} bytes are allowed.`, { param: 'file' });
