import type { ChecksumKind } from '../../core/model/checksum.ts';
import type { Part } from '../../core/model/part.ts';
import type { Ring } from './ring.ts';

/** A range to read. The descriptor is the process's: the thread reads the very file that was opened. */
export type RangeTask = {
  readonly descriptor: number;
  readonly range: Pick<Part, 'offset' | 'size'>;
  readonly checksum: ChecksumKind;
  /** A length of 0: the file ended before the range did. Below 0: the number of the error that reading ended with. */
  readonly ring: Ring;
  readonly state: SharedArrayBuffer;
  /** The checksum as text once all is read; zeros behind a shorter one. */
  readonly digest: SharedArrayBuffer;
};

/** In a task's state: whether anybody still wants it, whether this thread is done with it. */
export const GIVEN_UP = 0;
export const OVER = 1;
export const STATES = 2;

/** Bytes of a checksum in hex, as text, where it is written once the range is read. */
export const CHECKSUM_BYTES = 16;

/** Counts whatever this thread should look for: a new task, an empty slot, a task given up. */
export type Activity = SharedArrayBuffer;
