import { lstat, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { STAGED } from './claim-folder.ts';
import { isId, newRequestId } from './ids.ts';
import { expiresAtMs, type FileRecord, parseFileRecord, parseUploadRecord, type UploadRecord } from './records.ts';

export const uploadFolder = (dir: string, id: string): string => join(dir, 'uploads', id);
export const fileFolder = (dir: string, id: string): string => join(dir, 'files', id);

/** A folder that is not listed yet; `publishFile` makes it a File. */
export async function stageFile(dir: string): Promise<string> {
  const staged = join(dir, 'files', `.${newRequestId()}`);
  await mkdir(staged, { recursive: true, mode: 0o700 });
  return staged;
}

/** Makes a staged folder a File in one step; throws EEXIST or ENOTEMPTY if it is there already. */
export async function publishFile(dir: string, staged: string, record: FileRecord): Promise<void> {
  await rename(join(staged, STAGED_CONTENT), join(staged, record.contentName));
  await writeJson(join(staged, 'file.json'), record);
  await synced(join(staged, record.contentName));
  await synced(staged);
  await rename(staged, fileFolder(dir, record.id));
  await synced(join(dir, 'files'));
}

export const STAGED_CONTENT = '.content';
const STALE_MS = 24 * 3_600_000;

export async function saveUpload(dir: string, record: UploadRecord): Promise<void> {
  await mkdir(uploadFolder(dir, record.id), { recursive: true, mode: 0o700 });
  await writeJson(join(uploadFolder(dir, record.id), 'upload.json'), record);
}

export async function loadUpload(dir: string, id: string): Promise<UploadRecord | undefined> {
  const text = await readIfThere(join(uploadFolder(dir, id), 'upload.json'));
  return text === undefined ? undefined : orTorn(() => parseUploadRecord(text));
}

export async function loadFile(dir: string, id: string): Promise<FileRecord | undefined> {
  const text = await readIfThere(join(fileFolder(dir, id), 'file.json'));
  return text === undefined ? undefined : orTorn(() => parseFileRecord(text));
}

/** A torn record is none: it must not hide the others. */
function orTorn<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

export async function loadFiles(dir: string): Promise<readonly FileRecord[]> {
  const ids = (await namesIn(join(dir, 'files'))).filter(name => isId('file-', name));
  const records = await Promise.all(ids.map(id => loadFile(dir, id)));
  return records.filter(record => record !== undefined);
}

export type StoredPart = { readonly id: string; readonly path: string; readonly bytes: number };

export async function storedParts(dir: string, uploadId: string): Promise<readonly StoredPart[]> {
  const folder = uploadFolder(dir, uploadId);
  const ids = (await namesIn(folder)).filter(name => isId('part_', name));
  return Promise.all(ids.map(async id => ({ id, path: join(folder, id), bytes: (await stat(join(folder, id))).size })));
}

export const totalBytes = (parts: readonly StoredPart[]): number => parts.reduce((sum, { bytes }) => sum + bytes, 0);

/** An Upload that takes no more parts keeps none. */
export async function dropParts(dir: string, uploadId: string): Promise<void> {
  const parts = await storedParts(dir, uploadId);
  await Promise.all(parts.map(({ path }) => rm(path, { force: true })));
}

/** Makes the folder, and room in it: parts of Uploads whose hour is over, and what a killed server left half done. */
export async function sweep(dir: string): Promise<void> {
  await Promise.all(['uploads', 'files'].map(name => mkdir(join(dir, name), { recursive: true, mode: 0o700 })));
  for (const id of (await namesIn(join(dir, 'uploads'))).filter(name => isId('upload_', name))) {
    const upload = await loadUpload(dir, id);
    if (upload && Date.now() >= expiresAtMs(upload)) await dropOld(uploadFolder(dir, id), PART, 'file');
  }
  await dropOld(join(dir, 'files'), STAGED, 'folder');
}

/** A part, or one that was not received whole. */
const PART = /^part_[A-Za-z0-9]{24}(\.tmp)?$/;

// Old enough that no other server on this folder is still at it.
async function dropOld(folder: string, pattern: RegExp, kind: 'file' | 'folder'): Promise<void> {
  for (const name of (await namesIn(folder)).filter(name => pattern.test(name))) {
    const path = join(folder, name);
    const stats = await orIfAbsent(lstat(path), undefined);
    const isOurs = kind === 'file' ? stats?.isFile() : stats?.isDirectory();
    if (stats && isOurs && Date.now() - stats.mtimeMs > STALE_MS) await rm(path, { recursive: true, force: true });
  }
}

async function writeJson(path: string, record: object): Promise<void> {
  const draft = `${path}.${newRequestId()}.tmp`;
  try {
    await writeFile(draft, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** A File that was answered is on disk. Windows cannot sync a folder and need not. */
async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (process.platform !== 'win32') throw error;
  } finally {
    await handle.close();
  }
}

const readIfThere = (path: string): Promise<string | undefined> => orIfAbsent(readFile(path, 'utf8'), undefined);
const namesIn = (folder: string): Promise<readonly string[]> => orIfAbsent(readdir(folder), []);

async function orIfAbsent<T, U>(promise: Promise<T>, fallback: U): Promise<T | U> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return fallback;
    throw error;
  }
}
