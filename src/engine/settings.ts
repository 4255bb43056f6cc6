import { AUTOMATIC_CONCURRENCY } from '../core/concurrency/search.ts';

const DEFAULTS = { retries: 10, connectTimeoutMs: 10_000, stallTimeoutMs: 60_000, completeTimeoutMs: 600_000 } as const;

export type EngineValues = {
  readonly concurrency?: number | 'auto' | undefined;
  readonly retries?: number | undefined;
  readonly connectTimeout?: number | undefined;
  readonly stallTimeout?: number | undefined;
  /** Bytes a second. */
  readonly limitRate?: number | undefined;
};

export type EngineSettings = ReturnType<typeof engineSettings>;

/** The options with defaults applied. */
export const engineSettings = ({ concurrency, retries, connectTimeout, stallTimeout, limitRate }: EngineValues) => ({
  concurrency: typeof concurrency === 'number' ? concurrency : startOf(limitRate),
  /** Whether it may be changed by what happens. */
  isAutomatic: typeof concurrency !== 'number',
  retries: retries ?? DEFAULTS.retries,
  connectTimeoutMs: connectTimeout ?? DEFAULTS.connectTimeoutMs,
  stallTimeoutMs: stallTimeout ?? DEFAULTS.stallTimeoutMs,
  /** Where a stall timeout is given, no request waits longer than twice that. */
  completeTimeoutMs: stallTimeout === undefined ? DEFAULTS.completeTimeoutMs : 2 * stallTimeout,
  limitRate,
});

/** Where the rate is limited, the first part tells how many may share it. */
const startOf = (limitRate: number | undefined): number =>
  limitRate === undefined ? AUTOMATIC_CONCURRENCY.start : AUTOMATIC_CONCURRENCY.min;
