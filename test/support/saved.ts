import { createReadStream } from 'node:fs';
import { appendFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { ApiFile } from '../../src/core/model/api.ts';
import { destinationFrom } from '../../src/core/model/destination.ts';
import type { ManifestHeader, ManifestRecord } from '../../src/core/model/manifest.ts';
import { planParts } from '../../src/core/model/part.ts';
import { fingerprintOf } from '../../src/io/source/file-source.ts';
import { sealRecord } from '../../src/io/state/journal-records.ts';
import { createManifestStore } from '../../src/io/state/manifest-store.ts';

export type Header = Omit<ManifestHeader, 'type' | 'version'>;

/** The journals of a state folder, as the command keeps them. */
export const savedIn = (stateDir: string, told: string[] = []) =>
  createManifestStore({
    folder: join(stateDir, 'uploads'),
    onUnsaved: error => void told.push(`unsaved: ${error}`),
    onUnreadable: path => void told.push(`unreadable: ${path}`),
    onForeign: path => void told.push(`foreign: ${path}`),
  });

export type Saved = {
  readonly file: string;
  readonly baseUrl: string;
  readonly project?: string;
  readonly partSize: number;
  readonly purpose?: string;
  readonly mimeType?: string;
  readonly uploadId?: string;
  readonly expiresAtMs?: number;
  /** Ids of finished parts by number. */
  readonly finished?: Readonly<Record<number, string>>;
  /** The File, where it was completed. */
  readonly completed?: ApiFile;
};

/** Saves an upload as a run that was killed would have left it. */
export async function saveUpload(stateDir: string, saved: Saved): Promise<Header> {
  const path = await realpath(saved.file);
  const fingerprint = fingerprintOf(await stat(path, { bigint: true }));
  const header: Header = {
    path,
    fingerprint,
    destination: destinationFrom({ baseUrl: saved.baseUrl, ...(saved.project && { project: saved.project }) }),
    request: {
      filename: path.split('/').at(-1) as string,
      purpose: saved.purpose ?? 'assistants',
      bytes: fingerprint.size,
      mimeType: saved.mimeType ?? 'application/octet-stream',
    },
    partSize: saved.partSize,
    md5: true,
    uploadId: saved.uploadId ?? 'upload_saved',
    createdAtMs: Date.now() - 1000,
    expiresAtMs: saved.expiresAtMs ?? Date.now() + 3_600_000,
  };
  const journal = await savedIn(stateDir).create(header);
  for (const part of planParts(fingerprint.size, saved.partSize)) {
    const id = saved.finished?.[part.number];
    if (id === undefined) continue;
    await journal.checkpoint({
      number: part.number,
      size: part.size,
      id: id as never,
      digest: await crcOf(path, part),
    });
  }
  if (saved.completed) {
    await journal.completing();
    await journal.completed(undefined, saved.completed);
  }
  await journal.close();
  return header;
}

/** Puts more records behind those of a journal. */
export const addRecords = (journal: string, ...records: readonly ManifestRecord[]): Promise<void> =>
  appendFile(journal, records.map(sealRecord).join(''));

/** CRC-32 of a range of a file, as a part's digest is written. */
export async function crcOf(path: string, { offset, size }: { offset: number; size: number }): Promise<string> {
  let value = 0;
  for await (const chunk of createReadStream(path, { start: offset, end: offset + size - 1 }))
    value = crc32(chunk as Buffer, value);
  return value.toString(16).padStart(8, '0');
}
