/** Bytes on their way from one thread to another: slots of shared memory, filled and emptied in turn, never copied. */
export type Ring = {
  readonly slots: SharedArrayBuffer;
  readonly slotBytes: number;
  /** How many slots were filled, how many emptied, then the length of what each slot holds. */
  readonly counts: SharedArrayBuffer;
};

const FILLED = 0;
const EMPTIED = 1;
const LENGTHS = 2;

/** Over memory of its own, or over what another ring no longer needs. */
export const createRing = (
  slots: number,
  slotBytes: number,
  memory = new SharedArrayBuffer(slots * slotBytes),
): Ring => ({
  slots: memory,
  slotBytes,
  counts: new SharedArrayBuffer((LENGTHS + slots) * Int32Array.BYTES_PER_ELEMENT),
});

const slotCount = ({ slots, slotBytes }: Ring): number => slots.byteLength / slotBytes;

const offsetOf = (ring: Ring, turn: number): number => (turn % slotCount(ring)) * ring.slotBytes;

const slotAt = (ring: Ring, turn: number): Uint8Array =>
  new Uint8Array(ring.slots, offsetOf(ring, turn), ring.slotBytes);

/** Where a thread reads to. */
export type RingWriter = {
  /** Whether the next slot is empty. */
  isReady(): boolean;
  /** The next slot; waits until it is empty. */
  slot(): Uint8Array;
  /** So many bytes of the slot are filled; none end it all. It may be read on until it comes round again. */
  fill(length: number): void;
};

export const ringWriter = (ring: Ring): RingWriter => {
  const counts = new Int32Array(ring.counts);
  const slots = slotCount(ring);
  let turn = 0;
  return {
    isReady: () => Atomics.load(counts, EMPTIED) > turn - slots,
    slot: () => {
      waitFor(counts, EMPTIED, turn - slots + 1);
      return slotAt(ring, turn);
    },
    fill: length => {
      counts[LENGTHS + (turn % slots)] = length;
      turn += 1;
      tell(counts, FILLED, turn);
    },
  };
};

/** What the other thread filled, in order, until it ends. A chunk is valid until the next one is read. */
export function* readRing(ring: Ring): Generator<Uint8Array, void> {
  const counts = new Int32Array(ring.counts);
  for (let turn = 0; ; turn += 1) {
    waitFor(counts, FILLED, turn + 1);
    const length = lengthOf(ring, counts, turn);
    if (length === 0) return;
    yield slotAt(ring, turn).subarray(0, length);
    tell(counts, EMPTIED, turn + 1);
  }
}

/** The end of a ring where a thread reads that must not be blocked. */
export type RingReader = {
  /** Settles when the next slot is filled, or when `wake` was called. */
  filled(): Promise<boolean>;
  /** What the writer called the slot's length, and the slot's bytes, which are good until `empty`. */
  readonly length: number;
  readonly bytes: Buffer;
  empty(): void;
  /** Ends the waiting, although nothing may have been filled. */
  wake(): void;
};

export const ringReader = (ring: Ring): RingReader => {
  const counts = new Int32Array(ring.counts);
  let turn = 0;
  return {
    filled: async () => {
      if (Atomics.load(counts, FILLED) <= turn) await changed(counts, FILLED, turn);
      return Atomics.load(counts, FILLED) > turn;
    },
    get length() {
      return lengthOf(ring, counts, turn);
    },
    get bytes() {
      return Buffer.from(ring.slots, offsetOf(ring, turn), lengthOf(ring, counts, turn));
    },
    empty: () => {
      turn += 1;
      tell(counts, EMPTIED, turn);
    },
    wake: () => void Atomics.notify(counts, FILLED),
  };
};

const lengthOf = (ring: Ring, counts: Int32Array, turn: number): number =>
  counts[LENGTHS + (turn % slotCount(ring))] ?? 0;

function waitFor(counts: Int32Array, which: number, least: number): void {
  for (let count = Atomics.load(counts, which); count < least; count = Atomics.load(counts, which))
    Atomics.wait(counts, which, count);
}

/** Settles when the value is no longer `was`, or somebody says so. It keeps no process alive. */
export async function changed(values: Int32Array, which: number, was: number): Promise<void> {
  const waiting = Atomics.waitAsync(values, which, was);
  if (waiting.async) await waiting.value;
}

function tell(counts: Int32Array, which: number, count: number): void {
  Atomics.store(counts, which, count);
  Atomics.notify(counts, which);
}
