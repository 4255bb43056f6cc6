import type { Limit } from '../../core/ports.ts';

/** A place among the parts in flight. */
export type Slot = {
  /** Gives the place back where more are taken than there may be now. */
  yieldIfOver(): void;
  /** Takes a place again if it was given back, before parts that had none yet. Rejects with the signal's reason. */
  retake(signal: AbortSignal): Promise<void>;
  /** Gives the place back. */
  release(): void;
};

/** The places of one file's parts. */
export type FileSlots = {
  /** Waits for a place. Rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<Slot>;
  /** Places of all files together, as many as there may be now. */
  readonly concurrency: number;
};

/** All places of a run. */
export type Slots = { forFile(): FileSlots };

/** Grants in their order. Each holds one place of the limit until it settles. */
type Queue = (() => Promise<void>)[];

/**
 * Places of all parts of a run, counted by one limit. Files take turns, so that a small file does not wait for all the
 * parts of a big one.
 */
export const createSlots = (limit: Limit): Slots => {
  const queues = createQueues();
  let taken = 0;
  /** Each wait calls the limit once; the queues say whose turn it is. */
  const wait = (queue: Queue, signal: AbortSignal, isFirst: boolean): Promise<() => void> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const giveUp = (): void => {
        queues.leave(queue, grant);
        reject(signal.reason);
      };
      const grant = (): Promise<void> => {
        signal.removeEventListener('abort', giveUp);
        taken += 1;
        return new Promise<void>(settle => {
          resolve(() => {
            taken -= 1;
            settle();
          });
        });
      };
      signal.addEventListener('abort', giveUp);
      queues.join(queue, grant, isFirst);
      void limit(queues.grantNext);
    });
  return {
    forFile: () => {
      const queue: Queue = [];
      const isOver = (): boolean => taken > limit.concurrency;
      return {
        get concurrency() {
          return limit.concurrency;
        },
        take: async signal => slotOf(await wait(queue, signal, false), isOver, again => wait(queue, again, true)),
      };
    },
  };
};

/** Queues that are not empty, the next one first. */
const createQueues = () => {
  const queues: Queue[] = [];
  return {
    join: (queue: Queue, grant: Queue[number], isFirst: boolean): void => {
      if (queue.length === 0) queues.push(queue);
      queue.splice(isFirst ? 0 : queue.length, 0, grant);
    },
    leave: (queue: Queue, grant: Queue[number]): void => {
      queue.splice(queue.indexOf(grant), 1);
      if (queue.length === 0) queues.splice(queues.indexOf(queue), 1);
    },
    grantNext: async (): Promise<void> => {
      const queue = queues.shift();
      const grant = queue?.shift();
      if (queue && queue.length > 0) queues.push(queue);
      await grant?.();
    },
  };
};

const slotOf = (
  first: () => void,
  isOver: () => boolean,
  waitAgain: (signal: AbortSignal) => Promise<() => void>,
): Slot => {
  let held: (() => void) | undefined = first;
  const release = (): void => {
    held?.();
    held = undefined;
  };
  return {
    release,
    yieldIfOver: () => {
      if (isOver()) release();
    },
    retake: async signal => {
      held ??= await waitAgain(signal);
    },
  };
};
