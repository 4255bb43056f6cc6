import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { unacknowledgedBytes } from './kernel-queue.ts';

/**
 * Calls `onStall` once no byte has moved in or out for `stallMs`. Time is counted in ticks, so a machine that slept is
 * not taken for a dead line; megabytes that the kernel still drains count as movement where it tells.
 */
export const watchStall = (request: ClientRequest, stallMs: number, onStall: () => void): (() => void) => {
  const tickMs = Math.min(1000, Math.max(50, stallMs / 10));
  let idleMs = 0;
  let last = '';
  const timer = setInterval(() => {
    const now = movement(request.socket);
    idleMs = now === last ? idleMs + tickMs : 0;
    last = now;
    if (idleMs < stallMs) return;
    clearInterval(timer);
    onStall();
  }, tickMs);
  return () => clearInterval(timer);
};

const movement = (socket: Socket | null): string =>
  socket
    ? `${socket.bytesRead} ${socket.bytesWritten} ${socket.writableLength} ${unacknowledgedBytes(socket) ?? ''}`
    : '';
