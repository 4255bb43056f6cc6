import type { Call } from './call.ts';
import type { Drain } from './drain.ts';

/** How long an attempt may take where nothing happens, and what is known of this connection's speed. */
export type Waiting = {
  /** Longest time in which no byte moves. */
  readonly stallTimeoutMs: number;
  /** The same for `complete`, which puts up to 8 GB together. */
  readonly completeTimeoutMs: number;
  readonly drain: Drain;
};

/**
 * No attempt waits longer than this many stall timeouts for a byte to move: one for the line, and one for what may lie in
 * buffers on the way after all was handed over.
 */
const MOST_STALL_TIMEOUTS = 2;

/** How long no byte may move. `drainingBytes` were handed over, and may be on their way to the server still. */
export const patienceMs = ({ endpoint }: Call, waiting: Waiting, drainingBytes: number): number => {
  const { stallTimeoutMs, completeTimeoutMs, drain } = waiting;
  if (endpoint === 'complete') return completeTimeoutMs;
  const drainMs = drainingBytes > 0 ? drain.msFor(drainingBytes) : 0;
  return Math.min(stallTimeoutMs + drainMs, stallTimeoutMs * MOST_STALL_TIMEOUTS);
};

/** A reply that has begun is small, and comes in one piece: even a byte at a time it is whole by then. */
const REPLY_MS = 30_000;
/** A short stall timeout makes that shorter too. */
const REPLY_STALL_TIMEOUTS = 15;

/** How long a reply may take from its first byte, however it drips. Content is as long as the file. */
export const replyLimitMs = ({ endpoint }: Call, { stallTimeoutMs, completeTimeoutMs }: Waiting): number => {
  if (endpoint === 'content') return Number.POSITIVE_INFINITY;
  const limitMs = Math.min(REPLY_MS, stallTimeoutMs * REPLY_STALL_TIMEOUTS);
  // A gateway may send spaces while the server is at work.
  return endpoint === 'complete' ? Math.max(limitMs, completeTimeoutMs) : limitMs;
};

/** Content that comes in smaller drops does not move. */
const LEAST_CONTENT_BYTES = 1024;

/** Bytes that count as movement. */
export const leastBytes = ({ endpoint }: Call): number => (endpoint === 'content' ? LEAST_CONTENT_BYTES : 1);
