/** Effects that live and die together: the first failure aborts the others, and nothing outlives `settled`. */
export type TaskGroup = {
  /** May be called by a running member too. */
  spawn(effect: (signal: AbortSignal) => Promise<void>): void;
  /** Resolves when all have; rejects with the first error, never its echoes, when all have settled. */
  settled(): Promise<void>;
};

export const createTaskGroup = (outer: AbortSignal): TaskGroup => {
  const failure = new AbortController();
  const signal = AbortSignal.any([outer, failure.signal]);
  const running = new Set<Promise<void>>();

  const spawn: TaskGroup['spawn'] = effect => {
    // Each hears of it by a signal of its own: Node warns of one with many listeners.
    const member = effect(AbortSignal.any([signal]))
      .catch((error: unknown) => failure.abort(error))
      .finally(() => running.delete(member));
    running.add(member);
  };

  const settled = async (): Promise<void> => {
    while (running.size > 0) await Promise.all(running);
    signal.throwIfAborted();
  };
  return { spawn, settled };
};
