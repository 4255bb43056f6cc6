/** Bytes on their way from one thread to another: slots of shared memory, filled and emptied in turn, never copied. */
export type Ring = {
  readonly slots: SharedArrayBuffer;
  /** How many slots were filled, how many emptied, then the length of what each slot holds. */
  readonly counts: SharedArrayBuffer;
};

/** One read: larger ones gain nothing. */
export const SLOT_BYTES = 512 * 1024;
const SLOTS = 4;
const FILLED = 0;
const EMPTIED = 1;
const LENGTHS = 2;

export const createRing = (): Ring => ({
  slots: new SharedArrayBuffer(SLOTS * SLOT_BYTES),
  counts: new SharedArrayBuffer((LENGTHS + SLOTS) * Int32Array.BYTES_PER_ELEMENT),
});

const slotAt = ({ slots }: Ring, turn: number): Uint8Array =>
  new Uint8Array(slots, (turn % SLOTS) * SLOT_BYTES, SLOT_BYTES);

/** Where a thread reads to. */
export type RingWriter = {
  /** The next slot; waits until it is empty. */
  slot(): Uint8Array;
  /** So many bytes of the slot are filled; none end it all. It may be read on until it comes round again. */
  fill(length: number): void;
};

export const ringWriter = (ring: Ring): RingWriter => {
  const counts = new Int32Array(ring.counts);
  let turn = 0;
  return {
    slot: () => {
      waitFor(counts, EMPTIED, turn - SLOTS + 1);
      return slotAt(ring, turn);
    },
    fill: length => {
      counts[LENGTHS + (turn % SLOTS)] = length;
      turn += 1;
      tell(counts, FILLED, turn);
    },
  };
};

/** What the other thread filled, in order, until it ends. A chunk is good until the next one is asked for. */
export function* readRing(ring: Ring): Generator<Uint8Array, void> {
  const counts = new Int32Array(ring.counts);
  for (let turn = 0; ; turn += 1) {
    waitFor(counts, FILLED, turn + 1);
    const length = counts[LENGTHS + (turn % SLOTS)] ?? 0;
    if (length === 0) return;
    yield slotAt(ring, turn).subarray(0, length);
    tell(counts, EMPTIED, turn + 1);
  }
}

function waitFor(counts: Int32Array, which: number, least: number): void {
  for (let count = Atomics.load(counts, which); count < least; count = Atomics.load(counts, which))
    Atomics.wait(counts, which, count);
}

function tell(counts: Int32Array, which: number, count: number): void {
  Atomics.store(counts, which, count);
  Atomics.notify(counts, which);
}
