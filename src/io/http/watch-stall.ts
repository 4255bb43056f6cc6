import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { bytesOnTheWay } from '../net/kernel-queue.ts';
import { GivenUp, type GiveUp } from './give-up.ts';

export type StallLimit = {
  readonly stallMs: number;
  /** How long no byte may move, just now. */
  patienceMs(): number;
  /** Bytes in or out that count as movement. */
  readonly leastBytes: number;
};

/**
 * Gives up once no byte has moved in or out for too long. Time is counted in ticks of a tenth of `stallMs`, so a machine
 * that slept is not taken for a dead line; bytes that the kernel still drains count as movement where it tells.
 */
export const watchStall = (
  request: ClientRequest,
  { stallMs, patienceMs, leastBytes }: StallLimit,
  giveUp: GiveUp,
): (() => void) => {
  const tickMs = Math.min(1000, Math.max(50, stallMs / 10));
  const moved = watchMovement(leastBytes);
  let idleMs = 0;
  const timer = setInterval(() => {
    idleMs = moved(request.socket) ? 0 : idleMs + tickMs;
    if (idleMs < patienceMs()) return;
    clearInterval(timer);
    giveUp(new GivenUp('ERR_STALLED'));
  }, tickMs);
  return () => clearInterval(timer);
};

/** Whether bytes moved since it last said so. The kernel is asked, which is slow, only where nothing else moved. */
const watchMovement = (leastBytes: number): ((socket: Socket | null) => boolean) => {
  let counted = 0;
  let waiting = 0;
  let queued: number | undefined;
  return socket => {
    if (!socket) return false;
    const { bytesRead, bytesWritten, writableLength } = socket;
    if (Math.abs(bytesRead + bytesWritten - counted) >= leastBytes || writableLength !== waiting) {
      counted = bytesRead + bytesWritten;
      waiting = writableLength;
      queued = undefined;
      return true;
    }
    const before = queued;
    queued = bytesOnTheWay(socket);
    return queued !== undefined && before !== undefined && queued !== before;
  };
};
