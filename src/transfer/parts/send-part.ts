import { type RequestError, troubleOf } from '../../core/errors/request-error.ts';
import type { ChecksumKind } from '../../core/model/checksum.ts';
import type { FinishedPart, Part, UploadId } from '../../core/model/part.ts';
import type { AcceptedPart, Reading, Source } from '../../core/ports.ts';
import type { Retry } from '../requests/requests.ts';
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
  const attempts = createAttempts(part, job, run, signal);
  try {
    const accepted = await run.requests.send(
      {
        endpoint: 'part',
        emit: run.emit,
        isFinal: job.isFinal,
        turn: slot.retake,
        attempt: attempt => run.api.addPart(job.uploadId, { part, read: attempts.begin(attempt) }, signal),
        onRetry: retry => {
          attempts.retried(retry);
          slot.yieldIfOver();
          job.onRetry(retry.error);
        },
      },
      signal,
    );
    return attempts.accepted(accepted);
  } catch (error) {
    attempts.stopped(error);
    throw error;
  }
};

/**
 * The attempts of one part, one after the other: how far the latest has come, and its events. `begin` gives
 * what reads the body of the next one.
 */
const createAttempts = ({ number, offset, size }: Part, job: PartJob, run: FileRun, signal: AbortSignal) => {
  const { emit } = run;
  const watch = run.search?.watch(size);
  let latest = 0;
  let meter: Meter | undefined;
  let reading: Reading | undefined;
  const read = (): AsyncIterable<Uint8Array> => {
    reading = job.source.read({ number, offset, size }, job.checksum);
    return run.pace?.spread(reading.bytes, signal) ?? reading.bytes;
  };
  return {
    begin: (attempt: number): (() => AsyncIterable<Uint8Array>) => {
      job.beforeAttempt();
      latest = attempt;
      emit({ type: 'part.started', part: number, attempt, size });
      watch?.started();
      const counted = createMeter(run.clock, sent => {
        emit({ type: 'part.progress', part: number, attempt, sent });
        watch?.progressed(sent);
      });
      meter = counted;
      return () => counted.through(read());
    },
    retried: ({ attempt, delayMs, error }: Retry): void => {
      const sent = meter?.sent ?? 0;
      meter = undefined;
      watch?.failed(error);
      emit({ type: 'part.retrying', part: number, attempt: attempt + 1, sent, delayMs, error: troubleOf(error) });
    },
    accepted: ({ id, httpStatus, requestId }: AcceptedPart): FinishedPart => {
      watch?.accepted();
      emit({ type: 'part.accepted', part: number, attempt: latest, httpStatus, requestId });
      return { number, id, size, digest: (reading as Reading).digest() };
    },
    stopped: (error: unknown): void => {
      watch?.failed(error);
      if (meter) emit({ type: 'part.stopped', part: number, attempt: latest, sent: meter.sent });
    },
  };
};
