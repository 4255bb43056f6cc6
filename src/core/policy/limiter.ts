/** Lets through one of a kind in each interval, and counts those it held back. */
export type Limiter = {
  /** How many were held back since the last one, or nothing where this one is held back too. */
  pass(kind: string): number | undefined;
};

export const createLimiter = (intervalMs: number, now: () => number): Limiter => {
  const passed = new Map<string, { readonly atMs: number; held: number }>();
  return {
    pass: kind => {
      const last = passed.get(kind);
      if (last && now() - last.atMs < intervalMs) {
        last.held += 1;
        return undefined;
      }
      passed.set(kind, { atMs: now(), held: 0 });
      return last?.held ?? 0;
    },
  };
};
