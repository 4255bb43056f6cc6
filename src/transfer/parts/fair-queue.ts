import type { Limit } from '../../core/ports.ts';

type Effect = () => Promise<unknown>;

/**
 * Lanes of one budget, one for each file: they take turns, so that a small file is not kept waiting by all the parts of
 * a big one.
 */
export const createLanes = (budget: Limit): (() => Limit) => {
  /** Lanes that wait, the next one first. */
  const waiting: Effect[][] = [];
  const runNext = async (): Promise<void> => {
    const lane = waiting.shift();
    const effect = lane?.shift();
    if (lane && lane.length > 0) waiting.push(lane);
    await effect?.();
  };
  return () => {
    const queue: Effect[] = [];
    const lane = <T>(effect: () => Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        queue.push(() => effect().then(resolve, reject));
        if (queue.length === 1) waiting.push(queue);
        // A place in the budget for each effect, whichever lane's turn it then is.
        void budget(runNext);
      });
    return Object.defineProperty(lane, 'concurrency', {
      get: () => budget.concurrency,
      set: (concurrency: number) => {
        budget.concurrency = concurrency;
      },
    }) as Limit;
  };
};
