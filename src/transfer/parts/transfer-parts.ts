import { sourceError } from '../../core/errors/errors.ts';
import type { CheckRequest } from '../../core/model/check.ts';
import type { PartChecksum } from '../../core/model/checksum.ts';
import { partsOf } from '../../core/model/manifest.ts';
import type { FinishedPart, Part } from '../../core/model/part.ts';
import type { Journal, PassDigest } from '../../core/ports.ts';
import type { FileRun } from '../run.ts';
import { type PartJob, sendPart } from './send-part.ts';
import type { Slot } from './slots.ts';
import { createTaskGroup, type TaskGroup } from './task-group.ts';

export type Transfer = PartJob & {
  readonly journal: Journal;
  /** Whether the pass makes the md5 too. */
  readonly md5: boolean;
  /** What the pass checks the lines for. */
  readonly check?: CheckRequest | undefined;
  onAccepted(part: FinishedPart): void;
  /** A saved part no longer matches the file: its old copy at the server becomes an orphan. */
  onChanged(part: FinishedPart): void;
};

/**
 * Sends every part that is not finished, and beside it passes over the file once: that makes the md5, proves the
 * finished parts against the bytes on disk now, and proves that what was sent is what was hashed. Without an md5
 * only finished parts are read again where the file is at rest: its times tell whether the others change.
 */
export const transferParts = async (transfer: Transfer, run: FileRun, signal: AbortSignal): Promise<PassDigest> => {
  const { journal, source, md5, check } = transfer;
  const saved = new Map(journal.manifest().finished);
  const parts = partsOf(journal.manifest());
  const group = createTaskGroup(signal);
  const sent = new Map<number, FinishedPart>();
  const sending: Sending = { transfer, run, group, onSent: finished => sent.set(finished.number, finished) };

  const prove = (number: number, digest: PartChecksum): void => {
    const finished = saved.get(number);
    if (!finished || finished.digest === digest) return;
    run.emit({ type: 'part.changed', part: number, size: finished.size });
    transfer.onChanged(finished);
    spawnParts([parts[number - 1] as Part], sending);
  };
  const onProgress = (hashed: number) => run.emit({ type: 'digest.progress', hashed });
  const passed = md5 || check || !source.isAtRest ? parts : parts.filter(({ number }) => saved.has(number));
  let digest: PassDigest = { md5: undefined, parts: new Map() };
  if (passed.length > 0) {
    group.spawn(async signal => {
      digest = await source.digest(
        { parts: passed, md5, check, checksum: journal.manifest().checksum, onPart: prove, onProgress },
        signal,
      );
    });
  }
  // Behind the pass, which takes the longest on a fast line.
  spawnParts(
    parts.filter(({ number }) => !saved.has(number)),
    sending,
  );
  await group.settled();

  if (digest.parts.size < passed.length) throw new Error('the pass over the file left parts out');
  requireSameDigests(sent.values(), digest);
  return { ...digest, parts: new Map([...digestsOf(sent.values()), ...digest.parts]) };
};

const digestsOf = (sent: Iterable<FinishedPart>) =>
  [...sent].map(({ number, digest }): [number, PartChecksum] => [number, digest]);

type Sending = {
  readonly transfer: Transfer;
  readonly run: FileRun;
  readonly group: TaskGroup;
  onSent(part: FinishedPart): void;
};

/** Begins the parts in order, each when there is a place for it: those that wait take no memory. */
const spawnParts = (parts: readonly Part[], sending: Sending): void => {
  const { transfer, run, group } = sending;
  group.spawn(async signal => {
    for (const part of parts) {
      // No request is open, and no place taken, while its bytes are missing.
      await transfer.source.arrived(part.offset + part.size, signal);
      const slot = await run.slots.take(signal);
      group.spawn(member => sendIn(slot, part, sending, member).finally(slot.release));
    }
  });
};

const sendIn = async (
  slot: Slot,
  part: Part,
  { transfer, run, onSent }: Sending,
  signal: AbortSignal,
): Promise<void> => {
  signal.throwIfAborted();
  const finished = await sendPart(part, slot, transfer, run, signal);
  transfer.onAccepted(finished);
  onSent(finished);
  await transfer.journal.checkpoint(finished);
  run.emit({ type: 'part.finished', part: part.number, size: part.size, partId: finished.id });
};

/** What was sent must be what the pass read. */
const requireSameDigests = (sent: Iterable<FinishedPart>, { parts }: PassDigest): void => {
  for (const { number, digest } of sent)
    if ((parts.get(number) ?? digest) !== digest) throw changedWhileSent(`part ${number} was sent with other bytes`);
};

/** The file changed under the run: nothing is completed. */
export const changedWhileSent = (what: string) =>
  sourceError(
    'changed-while-sent',
    `the file changed while it was sent (${what})`,
    'nothing was completed; when the file is at rest, run the same command again: only what changed is sent again',
  );
