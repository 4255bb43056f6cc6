import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiError, badField } from '../http/api-error.ts';
import type { Context } from '../http/context.ts';
import type { Exchange } from '../http/exchange.ts';
import { json, type Reply } from '../http/reply.ts';
import { fileFolder, loadFile, loadFiles } from '../store/folder.ts';
import { isId } from '../store/ids.ts';
import { type FileRecord, fileObject, isGone, processingLeftMs } from '../store/records.ts';

const MAX_LIMIT = 10_000;

/** The hint when to ask again is never longer. */
const MAX_POLL_MS = 5000;

export async function listFiles({ query }: Exchange, { dir }: Context): Promise<Reply> {
  const { purpose, limit, order, after } = listQuery(query);
  const oldestFirst = (await loadFiles(dir)).filter(file => !isGone(file)).sort(byAge);
  const ordered = order === 'asc' ? oldestFirst : oldestFirst.reverse();
  const wanted = ordered.filter(file => purpose === undefined || file.purpose === purpose);
  const rest = wanted.slice(after === undefined ? 0 : placeAfter(after, wanted));
  const data = rest.slice(0, limit);
  return json({
    object: 'list',
    data: data.map(fileObject),
    first_id: data.at(0)?.id ?? '',
    last_id: data.at(-1)?.id ?? '',
    has_more: rest.length > data.length,
  });
}

export async function retrieveFile(_: Exchange, { dir }: Context, id: string): Promise<Reply> {
  const file = await existingFile(dir, id);
  const leftMs = processingLeftMs(file);
  return json(
    fileObject(file),
    200,
    leftMs > 0 ? { 'openai-poll-after-ms': String(Math.min(leftMs, MAX_POLL_MS)) } : {},
  );
}

export async function fileContent(_: Exchange, { dir }: Context, id: string): Promise<Reply> {
  const { contentName, filename } = await existingFile(dir, id);
  const path = join(fileFolder(dir, id), contentName);
  const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`;
  return {
    status: 200,
    headers: { 'content-type': 'application/octet-stream', 'content-disposition': disposition },
    content: { path, bytes: (await stat(path)).size },
  };
}

export async function deleteFile(_: Exchange, { dir }: Context, id: string): Promise<Reply> {
  await existingFile(dir, id);
  await rm(fileFolder(dir, id), { recursive: true, force: true });
  return json({ id, object: 'file', deleted: true });
}

async function existingFile(dir: string, id: string): Promise<FileRecord> {
  const file = isId('file-', id) ? await loadFile(dir, id) : undefined;
  if (!file || isGone(file)) throw new ApiError(404, `No such File object: ${id}`, { param: 'id' });
  return file;
}

type ListQuery = { readonly purpose?: string; readonly limit: number; readonly order: string; readonly after?: string };

function listQuery(params: URLSearchParams): ListQuery {
  const [purpose, after] = [params.get('purpose'), params.get('after')];
  const limit = params.get('limit') ?? String(MAX_LIMIT);
  const order = params.get('order') ?? 'desc';
  if (!/^\d{1,5}$/.test(limit) || Number(limit) < 1 || Number(limit) > MAX_LIMIT) {
    throw badField('limit', `Invalid 'limit': expected an integer from 1 to ${MAX_LIMIT}, but got '${limit}' instead.`);
  }
  if (order !== 'asc' && order !== 'desc')
    throw badField('order', `'${order}' is not one of ['asc', 'desc'] - 'order'`);
  return { limit: Number(limit), order, ...(purpose !== null && { purpose }), ...(after !== null && { after }) };
}

function placeAfter(id: string, files: readonly FileRecord[]): number {
  const index = files.findIndex(file => file.id === id);
  if (index < 0) throw badField('after', `No such File object: ${id}`);
  return index + 1;
}

const byAge = (a: FileRecord, b: FileRecord): number => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1);
