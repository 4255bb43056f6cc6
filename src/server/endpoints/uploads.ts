import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_PART_BYTES } from '../../core/model/limits.ts';
import { receiveForm } from '../form/form.ts';
import { boundaryOf } from '../form/form-head.ts';
import { readJson, refuseBody } from '../form/json-body.ts';
import { ApiError } from '../http/api-error.ts';
import type { Context } from '../http/context.ts';
import type { Exchange } from '../http/exchange.ts';
import { json, type Reply } from '../http/reply.ts';
import { dropParts, loadFile, loadUpload, saveUpload, storedParts, totalBytes, uploadFolder } from '../store/folder.ts';
import { fileIdOf, isId, newPartId, newUploadId } from '../store/ids.ts';
import { expiresAtMs, seconds, type UploadRecord, uploadObject } from '../store/records.ts';
import { accept, CreateRequest } from './schemas.ts';

export async function createUpload(exchange: Exchange, { dir, options, open }: Context): Promise<Reply> {
  const { mime_type, expires_after, ...request } = accept(CreateRequest, await readJson(exchange));
  requireRoom(open);
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
  open.set(upload.id, expiresAtMs(upload));
  return json(uploadObject(upload));
}

/** Uploads that may be open at the same time. */
const MAX_OPEN = 10_000;

function requireRoom(open: Map<string, number>): void {
  if (open.size < MAX_OPEN) return;
  for (const [id, untilMs] of open) if (untilMs <= Date.now()) open.delete(id);
  if (open.size >= MAX_OPEN)
    throw new ApiError(429, `At most ${MAX_OPEN} Uploads may be open.`, {
      code: 'too_many_uploads',
      headers: { 'retry-after': '60' },
    });
}

export async function addPart(exchange: Exchange, context: Context, uploadId: string): Promise<Reply> {
  const { dir, lock } = context;
  const boundary = boundaryOf(exchange.request.headers['content-type']);
  const checkSize = await partSizeCheck(context, await pendingUpload(dir, uploadId));
  const id = newPartId();
  const path = join(uploadFolder(dir, uploadId), id);
  const draft = `${path}.tmp`;
  await receiveForm(exchange.body.chunks(), {
    boundary,
    file: 'data',
    nameless: 'part',
    texts: [],
    path: draft,
    checkSize,
  });
  return lock(uploadId, async () => {
    try {
      await pendingUpload(dir, uploadId);
      await rename(draft, path);
    } finally {
      await rm(draft, { force: true }); // renamed away if all went well
    }
    return json({ id, object: 'upload.part', created_at: seconds(Date.now()), upload_id: uploadId });
  });
}

async function partSizeCheck({ dir, options }: Context, upload: UploadRecord): Promise<(bytes: number) => void> {
  const stored = options.countOrphans ? await storedParts(dir, upload.id) : [];
  const roomBytes = options.countOrphans ? upload.bytes - totalBytes(stored) : Number.POSITIVE_INFINITY;
  return bytes => {
    if (bytes > MAX_PART_BYTES) throw partTooLarge();
    if (bytes > roomBytes) throw beyondDeclared(upload);
  };
}

export async function cancelUpload(exchange: Exchange, { dir, lock, open }: Context, uploadId: string): Promise<Reply> {
  await refuseBody(exchange);
  return lock(uploadId, async () => {
    const upload: UploadRecord = { ...(await pendingUpload(dir, uploadId)), status: 'cancelled' };
    // First: on a full disk they make the room for the record.
    await dropParts(dir, uploadId);
    await saveUpload(dir, upload);
    open.delete(uploadId);
    return json(uploadObject(upload));
  });
}

/** The Upload, if parts may be added to it and it may be ended; else the refusal. */
export async function pendingUpload(dir: string, id: string): Promise<UploadRecord> {
  const upload = isId('upload_', id) ? await loadUpload(dir, id) : undefined;
  if (!upload) throw new ApiError(404, `No such Upload object: ${id}`, { param: 'id' });
  const status = await statusNow(dir, upload);
  if (status === 'pending') return upload;
  if (status !== upload.status) {
    await saveUpload(dir, { ...upload, status });
    await dropParts(dir, id);
  }
  throw new ApiError(400, `Upload ${id} has status '${status}'; only a pending Upload can be changed.`);
}

// A File that is there was made, even if the server was killed before it could say so.
async function statusNow(dir: string, upload: UploadRecord): Promise<UploadRecord['status']> {
  if (upload.status !== 'pending') return upload.status;
  if (await loadFile(dir, fileIdOf(upload.id))) return 'completed';
  return Date.now() < expiresAtMs(upload) ? 'pending' : 'expired';
}

export const partTooLarge = (): ApiError =>
  new ApiError(413, `Part is too large: at most ${MAX_PART_BYTES} bytes are allowed.`, { param: 'data' });

const beyondDeclared = ({ bytes }: UploadRecord): ApiError =>
  new ApiError(400, `The parts of this Upload would exceed its declared ${bytes} bytes.`, { param: 'data' });
