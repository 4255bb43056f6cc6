import { isRefusal, RequestError } from '../../core/errors/request-error.ts';
import { type ApiFile, fileId } from '../../core/model/api.ts';
import type { Destination } from '../../core/model/destination.ts';
import { isId } from '../../core/model/ids.ts';
import type { LedgerEntry } from '../../core/model/ledger.ts';
import type { Plan } from '../../core/model/plan.ts';
import { destinationIdentity } from '../../core/model/request.ts';
import type { Source } from '../../core/ports.ts';
import type { FileRun } from '../run.ts';

/** A File of an earlier run that has these bytes and is still at the server. */
export type AlreadyUploaded = { readonly file: ApiFile; readonly md5: string };

/** Looks the file up in the ledger by its md5, and asks the server whether the File is still there. */
export const findUploaded = async (
  { request, parts }: Plan,
  destination: Destination,
  source: Source,
  run: FileRun,
  signal: AbortSignal,
): Promise<AlreadyUploaded | undefined> => {
  const known = await run.ledger.find({
    destination: destinationIdentity(destination),
    purpose: request.purpose,
    bytes: request.bytes,
  });
  if (known.length === 0) return undefined;
  const { md5 } = await source.digest(
    {
      parts,
      md5: true,
      checksum: run.checksums.preferred,
      onProgress: hashed => run.emit({ type: 'digest.progress', hashed }),
    },
    signal,
  );
  for (const entry of known.filter(entry => entry.md5 === md5 && isId(entry.fileId))) {
    const file = await confirm(entry, run, signal);
    if (file) return { file, md5: entry.md5 };
  }
  return undefined;
};

async function confirm(
  { fileId: id, bytes }: LedgerEntry,
  run: FileRun,
  signal: AbortSignal,
): Promise<ApiFile | undefined> {
  try {
    const file = await run.requests.send(
      { endpoint: 'file', emit: run.emit, attempt: () => run.api.file(fileId(id), signal) },
      signal,
    );
    return file.id === id && (file.bytes ?? bytes) === bytes && file.status !== 'error' ? file : undefined;
  } catch (error) {
    if (error instanceof RequestError && isRefusal(error.failure)) return undefined;
    throw error;
  }
}
