import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_PART_BYTES } from '../core/limits.ts';
import { ApiError } from './api-error.ts';
import type { Context } from './context.ts';
import type { Exchange } from './exchange.ts';
import { dropParts, loadUpload, saveUpload, storedParts, uploadFolder } from './folder.ts';
import { receiveForm } from './form.ts';
import { boundaryOf } from './form-head.ts';
import { isId, newPartId, newUploadId } from './ids.ts';
import { readJson, refuseBody } from './json-body.ts';
import { expiresAtMs, seconds, type UploadRecord, uploadObject } from './records.ts';
import { json, type Reply } from './reply.ts';
import { accept, CreateRequest } from './schemas.ts';

export async function createUpload(exchange: Exchange, { dir, options }: Context): Promise<Reply> {
  const { mime_type, expires_after, ...request } = accept(CreateRequest, await readJson(exchange));
  const upload: UploadRecord = {
    ...request,
    id: newUploadId(),
    mimeType: mime_type,
    status: 'pending',
    createdAtMs: Date.now(),
    lifetimeMs: options.lifetimeMs,
    ...(expires_after && { fileLifetimeSeconds: expires_after.seconds }),
  };
  await saveUpload(dir, upload);
  return json(uploadObject(upload));
}

export async function addPart(exchange: Exchange, context: Context, uploadId: string): Promise<Reply> {
  const { dir, options, lock } = context;
  const boundary = boundaryOf(exchange.request.headers['content-type']);
  const upload = await pendingUpload(dir, uploadId);
  const roomBytes = options.countOrphans ? upload.bytes - (await storedBytes(dir, uploadId)) : Number.POSITIVE_INFINITY;
  const id = newPartId();
  const path = join(uploadFolder(dir, uploadId), id);
  const checkSize = (bytes: number): void => {
    if (bytes > MAX_PART_BYTES) throw partTooLarge();
    if (bytes > roomBytes) throw beyondDeclared(upload);
  };
  await receiveForm(exchange.body.chunks(), { boundary, file: 'data', texts: [], path: `${path}.tmp`, checkSize });
  return lock(uploadId, async () => {
    await pendingUpload(dir, uploadId);
    await rename(`${path}.tmp`, path);
    return json({ id, object: 'upload.part', created_at: seconds(Date.now()), upload_id: uploadId });
  });
}

export async function cancelUpload(exchange: Exchange, { dir, lock }: Context, uploadId: string): Promise<Reply> {
  await refuseBody(exchange);
  return lock(uploadId, async () => {
    const upload: UploadRecord = { ...(await pendingUpload(dir, uploadId)), status: 'cancelled' };
    await saveUpload(dir, upload);
    await dropParts(dir, uploadId);
    return json(uploadObject(upload));
  });
}

/** The Upload, if parts may be added to it and it may be ended; else the refusal. */
export async function pendingUpload(dir: string, id: string): Promise<UploadRecord> {
  const upload = isId('upload_', id) ? await loadUpload(dir, id) : undefined;
  if (!upload) throw new ApiError(404, `No such Upload object: ${id}`, { param: 'id' });
  if (upload.status === 'pending' && Date.now() < expiresAtMs(upload)) return upload;
  const status = upload.status === 'pending' ? 'expired' : upload.status;
  if (status !== upload.status) {
    await saveUpload(dir, { ...upload, status });
    await dropParts(dir, id);
  }
  throw new ApiError(400, `Upload ${id} has status '${status}'; only a pending Upload can be changed.`);
}

export const partTooLarge = (): ApiError =>
  new ApiError(413, `Part is too large: at most ${MAX_PART_BYTES} bytes are allowed.`, { param: 'data' });

const beyondDeclared = ({ bytes }: UploadRecord): ApiError =>
  new ApiError(400, `The parts of this Upload would exceed its declared ${bytes} bytes.`, { param: 'data' });

const storedBytes = async (dir: string, uploadId: string): Promise<number> =>
  (await storedParts(dir, uploadId)).reduce((sum, { bytes }) => sum + bytes, 0);
