import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readJson } from '../form/json-body.ts';
import { badField } from '../http/api-error.ts';
import type { Context } from '../http/context.ts';
import type { Exchange } from '../http/exchange.ts';
import { json, type Reply } from '../http/reply.ts';
import { contentNameFor } from '../store/content-name.ts';
import { fileLifetime } from '../store/file-lifetime.ts';
import {
  dropParts,
  publishFile,
  STAGED_CONTENT,
  type StoredPart,
  saveUpload,
  stageFile,
  storedParts,
  totalBytes,
} from '../store/folder.ts';
import { fileIdOf } from '../store/ids.ts';
import { type FileRecord, fileObject, type UploadRecord, uploadObject } from '../store/records.ts';
import { accept, CompleteRequest } from './schemas.ts';
import { pendingUpload } from './uploads.ts';

export async function completeUpload(exchange: Exchange, context: Context, uploadId: string): Promise<Reply> {
  const { part_ids, md5 } = accept(CompleteRequest, await readJson(exchange));
  const { dir, options } = context;
  return context.lock(uploadId, async () => {
    const upload = await pendingUpload(dir, uploadId);
    const stored = await storedParts(dir, uploadId);
    const parts = listedParts(part_ids, stored);
    checkTotal(upload, parts);
    if (options.countOrphans) checkTotal(upload, stored);
    const file = await assemble(upload, parts, md5, context);
    const completed: UploadRecord = { ...upload, status: 'completed' };
    await saveUpload(dir, completed);
    context.open.delete(uploadId);
    await dropParts(dir, uploadId);
    return json(options.completeAnswersFile ? fileObject(file) : uploadObject(completed, file));
  });
}

function listedParts(ids: readonly string[], stored: readonly StoredPart[]): readonly StoredPart[] {
  if (new Set(ids).size < ids.length) throw badField('part_ids', 'part_ids names a part twice.');
  const byId = new Map(stored.map(part => [part.id, part]));
  return ids.map(id => {
    const part = byId.get(id);
    if (!part) throw badField('part_ids', `No such part in this Upload: ${id}`);
    return part;
  });
}

function checkTotal({ bytes }: UploadRecord, parts: readonly StoredPart[]): void {
  const total = totalBytes(parts);
  if (total !== bytes) {
    throw badField('bytes', `The parts hold ${total} bytes, but the Upload declared ${bytes} bytes.`, 'bytes_mismatch');
  }
}

// Into a file of its own: until the File is there the parts are untouched, so a refused or broken complete can be repeated.
async function assemble(
  upload: UploadRecord,
  parts: readonly StoredPart[],
  md5: string | undefined,
  context: Context,
): Promise<FileRecord> {
  const staged = await stageFile(context.dir);
  try {
    const actual = await concatenate(parts, join(staged, STAGED_CONTENT), md5 !== undefined, context.closing);
    if (md5 !== undefined && actual !== md5.toLowerCase()) {
      throw badField('md5', `The md5 checksum of the uploaded bytes is ${actual}, not ${md5}.`, 'md5_mismatch');
    }
    const file = { ...fileRecordOf(upload), ...processingOf(context) };
    await publishFile(context.dir, staged, file);
    return file;
  } finally {
    await rm(staged, { recursive: true, force: true }); // renamed away if all went well
  }
}

/** Streams the parts into one file, and takes their md5 in the same pass if asked. */
async function concatenate(
  parts: readonly StoredPart[],
  path: string,
  hashed: boolean,
  signal: AbortSignal,
): Promise<string | undefined> {
  const hash = hashed ? createHash('md5') : undefined;
  async function* bytes(): AsyncGenerator<Buffer> {
    for (const part of parts) {
      for await (const chunk of createReadStream(part.path, { highWaterMark: 256 * 1024 })) {
        hash?.update(chunk);
        yield chunk;
      }
    }
  }
  await pipeline(bytes, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
  return hash?.digest('hex');
}

const processingOf = ({ options: { processing } }: Context): Pick<FileRecord, 'processing'> =>
  processing ? { processing: { untilMs: Date.now() + processing.ms, fails: processing.fails ?? false } } : {};

const fileRecordOf = ({
  id,
  bytes,
  filename,
  purpose,
  createdAtMs,
  fileLifetimeSeconds,
}: UploadRecord): FileRecord => ({
  id: fileIdOf(id),
  bytes,
  filename,
  purpose,
  createdAtMs,
  ...fileLifetime(purpose, fileLifetimeSeconds),
  contentName: contentNameFor(filename),
});
