import { type FileHandle, open, unlink } from 'node:fs/promises';
import { type Manifest, type ManifestRecord, withRecord } from '../../core/model/manifest.ts';
import type { Journal } from '../../core/ports.ts';
import { whenFree } from '../read/descriptors.ts';
import { sealRecord } from './journal-records.ts';

/** Told once when what happens can no longer be saved. */
export type OnJournalTrouble = (error: unknown) => void;

/**
 * An append-only file of sealed records. A record is on disk before its promise settles. Where the disk refuses, the
 * upload goes on from memory: `durable` says so, and `onTrouble` was told.
 */
export const appendingJournal = (
  path: string,
  file: FileHandle | undefined,
  manifest: Manifest,
  onTrouble: OnJournalTrouble,
): Journal => {
  let current = manifest;
  let durable = file !== undefined;
  const append = file && createAppender(file);

  const lost = (error: unknown): void => {
    if (durable) onTrouble(error);
    durable = false;
  };
  const record = async (next: ManifestRecord): Promise<void> => {
    current = withRecord(current, next) ?? current;
    if (durable) await append?.(sealRecord(next)).catch(lost);
  };
  const close = async (): Promise<void> => {
    await file?.close().catch(() => {});
  };
  return {
    manifest: () => current,
    get durable() {
      return durable;
    },
    checkpoint: part => record({ type: 'part', ...part }),
    rehome: (realPath, fingerprint) => record({ type: 'source', path: realPath, fingerprint }),
    completing: () => record({ type: 'completing' }),
    refused: () => record({ type: 'refused' }),
    completed: (md5, apiFile) => record({ type: 'completed', md5: md5 ?? null, file: apiFile }),
    // Not synced: a journal that comes back after a crash is proven or refused like any.
    forget: async () => {
      durable = false;
      await close();
      await unlink(path).catch(() => {});
    },
    close,
  };
};

/** Appends in order; records that wait for the same sync share it. */
function createAppender(file: FileHandle): (line: string) => Promise<void> {
  let waiting: string[] = [];
  let next: Promise<void> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const flush = async (): Promise<void> => {
    const lines = waiting.join('');
    waiting = [];
    next = undefined;
    await file.appendFile(lines);
    await file.datasync();
  };
  return line => {
    waiting.push(line);
    if (!next) {
      next = last.then(flush);
      // After a failed write nothing behind it may be trusted: later ones fail with it.
      last = next;
      last.catch(() => {});
    }
    return next;
  };
}

/** Makes a new name in a folder durable. Windows cannot sync a folder and need not. */
export const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const handle = await whenFree(() => open(folder, 'r')).catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
};
