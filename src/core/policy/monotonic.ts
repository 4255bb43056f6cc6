/**
 * Milliseconds of a clock that is never set, from an instant of its own. As `performance.now()`, for which Node loads
 * `node:perf_hooks`.
 */
export const monotonicMs = (): number => process.uptime() * 1000;
