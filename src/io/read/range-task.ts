import type { Part } from '../../core/model/part.ts';
import type { Ring } from './ring.ts';

/** A range to read. The descriptor is the process's: the thread reads the very file that was opened. */
export type RangeTask = {
  readonly descriptor: number;
  readonly range: Pick<Part, 'offset' | 'size'>;
  /** A length of 0: the file ended before the range did. Below 0: the number of the error that reading ended with. */
  readonly ring: Ring;
  readonly state: SharedArrayBuffer;
};

/** In a task's state: whether anybody still wants it, whether this thread is done with it, the CRC-32 of what was read. */
export const GIVEN_UP = 0;
export const OVER = 1;
export const CHECKSUM = 2;
export const STATES = 3;

/** Counts whatever this thread should look for: a new task, an empty slot, a task given up. */
export type Activity = SharedArrayBuffer;
