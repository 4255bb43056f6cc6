/** One attempt at a part, on its way over the simulated line. */
export type Body = {
  readonly id: number;
  readonly size: number;
  /** When its first byte arrives. */
  readonly arrivesAtMs: number;
  phase: 'leaving' | 'streaming' | 'answered';
  delivered: number;
  /** Of the connection's rate, as the line now is. */
  factor: number;
  stalledUntilMs: number;
  /** Bytes a millisecond, at present. */
  rate: number;
  answer: 'accepted' | 'overloaded' | 'ended';
  answerAtMs: number;
  /** Between two tellings of progress: a tenth of a second, and up to one read more. */
  readonly tickMs: number;
  nextTickMs: number;
  reported: number;
};

/** Empty socket buffers swallow so much of each body at once. */
const BUFFER_BYTES = 4 * 1024 ** 2;
const TICK_MS = { shortest: 100, readMs: 25 } as const;

export function bodyLeaving(id: number, size: number, nowMs: number, arrivesAtMs: number): Body {
  const tickMs = TICK_MS.shortest + TICK_MS.readMs * ((id * 0.618) % 1);
  return {
    id,
    size,
    arrivesAtMs,
    tickMs,
    phase: 'leaving',
    delivered: 0,
    factor: 1,
    stalledUntilMs: 0,
    rate: 0,
    answer: 'accepted',
    answerAtMs: Number.POSITIVE_INFINITY,
    nextTickMs: nowMs + tickMs,
    reported: 0,
  };
}

/** What the sender believes to have sent. */
export const handedOver = ({ size, delivered }: Body): number => Math.min(size, delivered + BUFFER_BYTES);

/** Progress that is to be told now, at most every tenth of a second and only where bytes moved. */
export function progressDue(body: Body, nowMs: number): number | undefined {
  if (nowMs < body.nextTickMs) return undefined;
  body.nextTickMs = nowMs + body.tickMs;
  const sent = handedOver(body);
  if (sent === body.reported || sent === body.size) return undefined;
  body.reported = sent;
  return sent;
}

/** When something happens to this body by itself. */
export function nextAt(body: Body, listens: boolean): number {
  const tick = listens && handedOver(body) < body.size ? body.nextTickMs : Number.POSITIVE_INFINITY;
  if (body.phase === 'leaving') return Math.min(tick, body.arrivesAtMs);
  if (body.phase === 'answered') return Math.min(tick, body.answerAtMs);
  return tick;
}
