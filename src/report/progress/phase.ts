import { bytesDone, isArriving, type Progress } from './progress.ts';

/** What a file is waiting for, as people are told. */
export type Phase =
  | 'starting'
  | 'reading'
  | 'comparing'
  | 'locked'
  | 'creating'
  | 'sending'
  | 'hashing'
  | 'waiting'
  | 'arriving'
  | 'completing'
  | 'processing'
  | 'done'
  | 'failed'
  | 'interrupted';

/** An upload that expires this soon says so. */
const EXPIRES_SOON_MS = 600_000;

/**
 * Sent, but its digest is still being made: hashing. Nothing in flight since the gate is closed: waiting; since stdin
 * gives no more: arriving.
 */
export const phaseOf = (progress: Progress, nowMs: number): Phase => {
  const { stage, inFlight, bytes, hashed } = progress;
  if (stage === 'new') return hashed > 0 ? 'hashing' : 'starting';
  if (stage !== 'sending') return stage;
  if (inFlight.size > 0) return 'sending';
  if (bytes > 0 && bytesDone(progress) >= bytes) return 'hashing';
  if (gateLeftMs(progress.gateUntilMs, nowMs) > 0) return 'waiting';
  return isArriving(progress) ? 'arriving' : 'sending';
};

/** Whether it will not get further in this run. */
export const isEnded = ({ stage }: Progress): boolean =>
  stage === 'done' || stage === 'failed' || stage === 'interrupted';

/** How long nothing has moved that should move; without end where there is nothing to move. */
export const stillMs = (progress: Progress, nowMs: number): number => {
  if (isEnded(progress)) return Number.POSITIVE_INFINITY;
  return phaseOf(progress, nowMs) === 'sending' ? nowMs - progress.movedAtMs : 0;
};

/** How long no request may start yet, at the server's word. */
export const gateLeftMs = (gateUntilMs: number | undefined, nowMs: number): number =>
  Math.max(0, (gateUntilMs ?? 0) - nowMs);

/** When the rest is sent at this rate, where that can be said. */
export const timeLeftMs = (remaining: number, rate: number): number | undefined =>
  rate > 0 && remaining > 0 ? (remaining / rate) * 1000 : undefined;

/** The time before the upload expires, where it matters: soon, or sooner than everything is sent. */
export const pressingExpiryMs = (
  expiresAtMs: number | undefined,
  leftMs: number | undefined,
  nowMs: number,
): number | undefined => {
  if (expiresAtMs === undefined) return undefined;
  const expiryMs = Math.max(0, expiresAtMs - nowMs);
  return expiryMs < EXPIRES_SOON_MS || expiryMs < (leftMs ?? 0) ? expiryMs : undefined;
};
