/** More in flight than this was refused. It is tried again by one part more, only after so much time and so many bytes. */
export type Ceiling = {
  readonly concurrency: number;
  readonly learntAtMs: number;
  readonly untilMs: number;
  readonly untilBytes: number;
  /** How many times as long as at first it stands. */
  readonly patience: number;
  /** Parts accepted above it since. */
  readonly passed: number;
};

/** A refused body wastes what socket buffers took of it: of so many accepted bytes a percent or two. */
const PATIENCE = { ms: 30_000, bytes: 256 * 1024 ** 2, longest: 32 } as const;

/** Siblings refused together are one lesson; one refused when the ceiling was tried again makes it stand twice as long. */
export function ceilingAt(
  concurrency: number,
  before: Ceiling | undefined,
  atMs: number,
  acceptedBytes: number,
): Ceiling {
  const isSibling = before !== undefined && !mayBeTried(before, atMs, acceptedBytes);
  const patience = before ? Math.min(PATIENCE.longest, before.patience * (isSibling ? 1 : 2)) : 1;
  return {
    concurrency,
    learntAtMs: atMs,
    untilMs: atMs + patience * PATIENCE.ms,
    untilBytes: acceptedBytes + patience * PATIENCE.bytes,
    patience,
    passed: 0,
  };
}

/** Two rounds accepted above the ceiling lift it: what was refused was the moment, not the number. */
export function afterAccepted(
  ceiling: Ceiling | undefined,
  inFlight: number,
  startedAtMs: number,
): Ceiling | undefined {
  if (!ceiling || inFlight <= ceiling.concurrency || startedAtMs < ceiling.learntAtMs) return ceiling;
  const passed = ceiling.passed + 1;
  return passed < 2 * inFlight ? { ...ceiling, passed } : undefined;
}

/** The most that may be in flight below this ceiling now. */
export const highestBelow = (ceiling: Ceiling, atMs: number, acceptedBytes: number): number =>
  ceiling.concurrency + (mayBeTried(ceiling, atMs, acceptedBytes) ? 1 : 0);

const mayBeTried = ({ untilMs, untilBytes }: Ceiling, atMs: number, acceptedBytes: number): boolean =>
  atMs >= untilMs && acceptedBytes >= untilBytes;
