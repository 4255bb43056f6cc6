import { type RequestError, troubleOf } from '../../core/errors/request-error.ts';
import type { ChecksumKind } from '../../core/model/checksum.ts';
import type { FinishedPart, Part, UploadId } from '../../core/model/part.ts';
import type { Reading, Source } from '../../core/ports.ts';
import type { FileRun } from '../run.ts';
import { createMeter, type Meter } from './meter.ts';
import type { Slot } from './slots.ts';

export type PartJob = {
  readonly source: Source;
  readonly uploadId: UploadId;
  readonly checksum: ChecksumKind;
  /** Throws where no further attempt of this upload makes sense. */
  beforeAttempt(): void;
  onRetry(error: RequestError): void;
  isFinal(error: RequestError): boolean;
};

/** Sends one part until the server accepts it: a fresh body for each attempt. Only the id that was answered counts. */
export const sendPart = async (
  part: Part,
  slot: Slot,
  job: PartJob,
  run: FileRun,
  signal: AbortSignal,
): Promise<FinishedPart> => {
  const { emit } = run;
  const watch = run.search?.watch(part.size);
  let meter: Meter | undefined;
  let reading: Reading | undefined;
  let latest = 0;

  const read = (): AsyncIterable<Uint8Array> => {
    reading = job.source.read(part, job.checksum);
    return run.pace ? run.pace.spread(reading.bytes, signal) : reading.bytes;
  };
  const begin = (attempt: number): Meter => {
    job.beforeAttempt();
    latest = attempt;
    emit({ type: 'part.started', part: part.number, attempt, size: part.size });
    watch?.started();
    return createMeter(run.clock, sent => {
      emit({ type: 'part.progress', part: part.number, attempt, sent });
      watch?.progressed(sent);
    });
  };

  try {
    const { id, httpStatus, requestId } = await run.requests.send(
      {
        endpoint: 'part',
        emit,
        isFinal: job.isFinal,
        turn: slot.retake,
        attempt: attempt => {
          const counted = begin(attempt);
          meter = counted;
          return run.api.addPart(job.uploadId, { part, read: () => counted.through(read()) }, signal);
        },
        onRetry: ({ attempt, delayMs, error }) => {
          const sent = meter?.sent ?? 0;
          meter = undefined;
          watch?.failed(error);
          slot.yieldIfOver();
          job.onRetry(error);
          emit({
            type: 'part.retrying',
            part: part.number,
            attempt: attempt + 1,
            sent,
            delayMs,
            error: troubleOf(error),
          });
        },
      },
      signal,
    );
    watch?.accepted();
    emit({ type: 'part.accepted', part: part.number, attempt: latest, httpStatus, requestId });
    return { number: part.number, id, size: part.size, digest: (reading as Reading).digest() };
  } catch (error) {
    watch?.failed(error);
    if (meter) emit({ type: 'part.stopped', part: part.number, attempt: latest, sent: meter.sent });
    throw error;
  }
};
