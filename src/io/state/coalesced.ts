/**
 * An effect that many want at the same time. Calls that come while it runs share one that begins after it, so that what
 * each is told was seen, or done, after it asked. A failure is told to all that share it.
 */
export const coalesced = <T>(effect: () => Promise<T>): (() => Promise<T>) => {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  const begin = async (): Promise<T> => {
    await running;
    next = undefined;
    const result = effect();
    running = result.catch(() => {});
    return result;
  };
  return () => {
    next ??= begin();
    return next;
  };
};
