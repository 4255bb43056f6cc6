import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { unacknowledgedBytes } from '../net/kernel-queue.ts';

/**
 * Calls `onStall` once no byte has moved in or out for as long as `patienceMs` says just then. Time is counted in ticks
 * of a tenth of `stallMs`, so a machine that slept is not taken for a dead line; megabytes that the kernel still drains
 * count as movement where it tells.
 */
export const watchStall = (
  request: ClientRequest,
  stallMs: number,
  patienceMs: () => number,
  onStall: () => void,
): (() => void) => {
  const tickMs = Math.min(1000, Math.max(50, stallMs / 10));
  const moved = watchMovement();
  let idleMs = 0;
  const timer = setInterval(() => {
    idleMs = moved(request.socket) ? 0 : idleMs + tickMs;
    if (idleMs < patienceMs()) return;
    clearInterval(timer);
    onStall();
  }, tickMs);
  return () => clearInterval(timer);
};

/** Whether bytes moved since the last call. The kernel is asked, which is dear, only where nothing else moved. */
const watchMovement = (): ((socket: Socket | null) => boolean) => {
  let counted = '';
  let queued: number | undefined;
  return socket => {
    if (!socket) return false;
    const now = `${socket.bytesRead} ${socket.bytesWritten} ${socket.writableLength}`;
    if (now !== counted) {
      counted = now;
      queued = undefined;
      return true;
    }
    const before = queued;
    queued = unacknowledgedBytes(socket);
    return queued !== undefined && before !== undefined && queued !== before;
  };
};
