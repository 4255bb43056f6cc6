/** How many bytes of a file another thread may read so far. */
export type Barrier = SharedArrayBuffer;

export const createBarrier = (): Barrier => new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);

export function raise(barrier: Barrier, bytes: number): void {
  const allowed = new BigInt64Array(barrier);
  Atomics.store(allowed, 0, BigInt(bytes));
  Atomics.notify(allowed, 0);
}

/** Blocks this thread until so many bytes may be read. */
export function waitAt(barrier: Barrier, bytes: number): void {
  const allowed = new BigInt64Array(barrier);
  for (let now = Atomics.load(allowed, 0); now < bytes; now = Atomics.load(allowed, 0)) Atomics.wait(allowed, 0, now);
}
