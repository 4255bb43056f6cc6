/** How an upload stands against its hour. */
export type Deadline = {
  readonly bytesLeft: number;
  readonly msLeft: number;
  /** Measured, in bytes a second. */
  readonly rate: number;
};

/** The slowest rate that still makes it, in bytes a second. */
export const neededRate = ({ bytesLeft, msLeft }: Omit<Deadline, 'rate'>): number =>
  bytesLeft === 0 ? 0 : msLeft <= 0 ? Number.POSITIVE_INFINITY : (bytesLeft * 1000) / msLeft;

/** Whether the bytes left arrive in the time left at the measured rate. */
export const makesIt = ({ rate, ...left }: Deadline): boolean => rate >= neededRate(left);

/** What makes a slow upload faster. A run that is held at its own limit needs no other line. */
export const fasterHint = ({ rate, limit }: { readonly rate: number; readonly limit: number | undefined }): string =>
  limit !== undefined && rate >= limit * NEARLY
    ? 'raise --limit-rate, or leave it out: it holds this upload back'
    : 'use a faster line, more --concurrency, or a smaller file';

/** A measured rate lies a little below the limit that causes it. */
const NEARLY = 0.8;
