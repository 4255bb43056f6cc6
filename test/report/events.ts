import type { TransferEvent } from '../../src/core/events/events.ts';

export const MiB = 2 ** 20;

export const planned: TransferEvent = { type: 'upload.planned', bytes: 80 * MiB, parts: 10, partSize: 8 * MiB };
export const creating: TransferEvent = { type: 'upload.creating' };
export const created: TransferEvent = { type: 'upload.created', uploadId: 'upload_1', expiresAtMs: undefined };
export const completing: TransferEvent = { type: 'upload.completing', uploadId: 'upload_1' };
export const completed: TransferEvent = { type: 'upload.completed', uploadId: 'upload_1', fileId: 'file-abc' };

export const resumed = (parts: number): TransferEvent => ({
  type: 'upload.resumed',
  uploadId: 'upload_1',
  expiresAtMs: undefined,
  parts,
  bytes: parts * 8 * MiB,
});
export const started = (part: number, attempt = 1): TransferEvent => ({
  type: 'part.started',
  part,
  attempt,
  size: 8 * MiB,
});
export const sent = (part: number, bytes: number): TransferEvent => ({
  type: 'part.progress',
  part,
  attempt: 1,
  sent: bytes,
});
export const finished = (part: number): TransferEvent => ({
  type: 'part.finished',
  part,
  size: 8 * MiB,
  partId: `part_${part}`,
});
export const retrying = (part: number, attempt = 2): TransferEvent => ({
  type: 'part.retrying',
  part,
  attempt,
  sent: 4 * MiB,
  delayMs: 1234,
  error: {
    reason: 'http-503',
    message: 'part: the server answered 503: overloaded',
    httpStatus: 503,
    requestId: 'req_1',
  },
});

/** A file whose first two parts are on their way. */
export const moving: readonly TransferEvent[] = [planned, creating, created, started(1), started(2)];
