import { sourceError } from '../core/errors.ts';
import { partsOf } from '../core/manifest.ts';
import type { FinishedPart, Part, PartDigest } from '../core/part.ts';
import type { Journal, PassDigest } from '../core/ports.ts';
import type { FileRun } from './run.ts';
import { type PartJob, sendPart } from './send-part.ts';
import { createTaskGroup, type TaskGroup } from './task-group.ts';

export type Transfer = PartJob & {
  readonly journal: Journal;
  /** Whether the pass makes the md5 too. */
  readonly md5: boolean;
  onAccepted(part: FinishedPart): void;
  /** A saved part no longer matches the file: its old copy at the server becomes an orphan. */
  onChanged(part: FinishedPart): void;
};

/**
 * Sends every part that is not finished, and beside it passes over the whole file once: that makes the md5, proves
 * the finished parts against the bytes on disk now, and proves that what was sent is what was hashed.
 */
export const transferParts = async (transfer: Transfer, run: FileRun, signal: AbortSignal): Promise<PassDigest> => {
  const { journal, source } = transfer;
  const saved = journal.manifest().finished;
  const parts = partsOf(journal.manifest());
  const group = createTaskGroup(signal);
  const sent = new Map<number, FinishedPart>();
  const send = (part: Part) => spawnPart(group, part, transfer, run, finished => sent.set(part.number, finished));

  const proven = new Map(saved);
  for (const part of parts) if (!proven.has(part.number)) send(part);

  const prove = (number: number, digest: PartDigest): void => {
    const finished = proven.get(number);
    if (!finished || finished.digest === digest) return;
    run.emit({ type: 'part.changed', part: number, size: finished.size });
    transfer.onChanged(finished);
    send(parts[number - 1] as Part);
  };
  let digest: PassDigest | undefined;
  group.spawn(async signal => {
    digest = await source.digest(
      { parts, md5: transfer.md5, onPart: prove, onProgress: hashed => run.emit({ type: 'digest.progress', hashed }) },
      signal,
    );
  });
  await group.settled();

  if (!digest) throw new Error('the pass over the file ended without a digest');
  requireSameDigests(sent.values(), digest);
  return digest;
};

const spawnPart = (
  group: TaskGroup,
  part: Part,
  transfer: Transfer,
  run: FileRun,
  onSent: (part: FinishedPart) => void,
): void =>
  group.spawn(signal =>
    run.limit(async () => {
      signal.throwIfAborted();
      const finished = await sendPart(part, transfer, run, signal);
      transfer.onAccepted(finished);
      onSent(finished);
      await transfer.journal.checkpoint(finished);
      run.emit({ type: 'part.finished', part: part.number, size: part.size, partId: finished.id });
    }),
  );

/** What was sent must be what the pass read. */
const requireSameDigests = (sent: Iterable<FinishedPart>, { parts }: PassDigest): void => {
  for (const { number, digest } of sent)
    if (parts.get(number) !== digest) throw changedWhileSent(`part ${number} was sent with other bytes`);
};

/** The file changed under the run: nothing is completed. */
export const changedWhileSent = (what: string) =>
  sourceError(
    'changed-while-sent',
    `the file changed while it was sent (${what})`,
    'nothing was completed; when the file is at rest, run the same command again: only what changed is sent again',
  );
