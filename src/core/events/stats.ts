import type { TransferEvent } from './events.ts';

/** What one file's run has cost so far, as the result reports it. */
export type Tally = {
  readonly partsSent: number;
  readonly bytesSent: number;
  /** Bytes of attempts that failed, were stopped, or were thrown away by a start-over. */
  readonly bytesResent: number;
  readonly partsResumed: number;
  readonly bytesSkipped: number;
  readonly partsChanged: number;
  readonly retries: number;
};

export const emptyTally: Tally = {
  partsSent: 0,
  bytesSent: 0,
  bytesResent: 0,
  partsResumed: 0,
  bytesSkipped: 0,
  partsChanged: 0,
  retries: 0,
};

/** The tally after one more event. */
export const tally = (sum: Tally, event: TransferEvent): Tally => {
  switch (event.type) {
    case 'upload.resumed':
      return { ...sum, partsResumed: event.parts, bytesSkipped: event.bytes };
    case 'upload.restarted':
      return { ...emptyTally, retries: sum.retries, bytesResent: sum.bytesResent + sum.bytesSent };
    case 'part.changed':
      return {
        ...sum,
        partsChanged: sum.partsChanged + 1,
        partsResumed: sum.partsResumed - 1,
        bytesSkipped: sum.bytesSkipped - event.size,
      };
    case 'part.finished':
      return { ...sum, partsSent: sum.partsSent + 1, bytesSent: sum.bytesSent + event.size };
    case 'part.retrying':
      return { ...sum, retries: sum.retries + 1, bytesResent: sum.bytesResent + event.sent };
    case 'part.stopped':
      return { ...sum, bytesResent: sum.bytesResent + event.sent };
    case 'request.retrying':
      return { ...sum, retries: sum.retries + 1 };
    default:
      return sum;
  }
};
