/** Shape of the delay before another attempt. */
export type Backoff = { readonly baseMs: number; readonly capMs: number };

/** 0.5 s doubling to 32 s. */
export const defaultBackoff: Backoff = { baseMs: 500, capMs: 32_000 };

/** Longest wait that a server may ask for; beyond it the run ends, resumable. */
export const LONGEST_SERVER_DELAY_MS = 300_000;

/** A year: longer ones, like 1e400, are not told in minutes. */
const LONGEST_TOLD_MS = 366 * 86_400_000;

/** Between half the exponential ceiling and the ceiling, for the n-th failure in a row, from 1. */
export const backoffMs = (
  failures: number,
  random: () => number,
  { baseMs, capMs }: Backoff = defaultBackoff,
): number => {
  const ceiling = Math.min(capMs, baseMs * 2 ** (failures - 1));
  return Math.round(ceiling * (0.5 + random() / 2));
};

/**
 * The server's own word on when to ask again, in ms from now: `retry-after-ms` first, then `retry-after` in seconds or
 * as a date. Zero, the past and nonsense are no word at all.
 */
export const serverDelayMs = (header: (name: string) => string | undefined, nowMs: number): number | undefined => {
  const delay = milliseconds(header('retry-after-ms')) ?? afterMs(header('retry-after'), nowMs);
  return delay !== undefined && delay > 0 ? Math.min(delay, LONGEST_TOLD_MS) : undefined;
};

const milliseconds = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Math.ceil(Number(text)) : undefined;

function afterMs(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\s*-?\d+(\.\d+)?\s*$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date - nowMs;
}
