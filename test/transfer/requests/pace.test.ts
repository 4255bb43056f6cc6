import { expect, test } from 'vitest';
import { createPace } from '../../../src/transfer/requests/pace.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

async function* chunksOf(size: number): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(size);
}

async function* one(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}

/** Bytes that so many connections get through in each second. */
async function bytesBySecond(rate: number, connections: number, seconds: number): Promise<readonly number[]> {
  const clock = createVirtualClock();
  const pace = createPace(rate, clock);
  const startMs = clock.now();
  const passed = new Array<number>(seconds).fill(0);
  // A signal for each, as the parts of a run have them.
  const pull = async () => {
    for await (const { length } of pace.spread(chunksOf(256 * 1024), new AbortController().signal)) {
      const second = Math.floor((clock.now() - startMs) / 1000);
      if (second >= seconds) return;
      passed[second] = (passed[second] ?? 0) + length;
    }
  };
  await clock.until(Promise.all(Array.from({ length: connections }, pull)));
  return passed;
}

test.each([
  { rate: 1_000, connections: 1 },
  { rate: 50_000, connections: 4 },
  { rate: 1_000_000, connections: 16 },
  { rate: 20_000_000, connections: 4 },
])('$rate bytes a second over $connections connections: within 5 % over ten seconds, and smooth', async ({
  rate,
  connections,
}) => {
  const seconds = await bytesBySecond(rate, connections, 10);
  const total = seconds.reduce((sum, bytes) => sum + bytes, 0);
  console.log(`limit-rate ${rate} over ${connections}: ${((total * 100) / (rate * 10)).toFixed(1)} %`);
  expect(total / (rate * 10)).toBeGreaterThan(0.95);
  expect(total / (rate * 10)).toBeLessThan(1.05);
  for (const bytes of seconds) {
    expect(bytes / rate).toBeGreaterThan(0.75);
    expect(bytes / rate).toBeLessThan(1.25);
  }
});

test('pieces put together are the bytes that came', async () => {
  const clock = createVirtualClock();
  const bytes = Uint8Array.from({ length: 10_000 }, (_, index) => index % 251);
  const read = async () => {
    const pieces: Uint8Array[] = [];
    for await (const piece of createPace(2_000, clock).spread(one(bytes), new AbortController().signal)) {
      pieces.push(Uint8Array.from(piece));
    }
    return Buffer.concat(pieces);
  };
  expect(Buffer.compare(await clock.until(read()), bytes)).toBe(0);
});

test('an aborted wait ends at once, with the reason', async () => {
  const clock = createVirtualClock();
  const stop = new AbortController();
  const read = (async () => {
    let pulled = 0;
    for await (const { length } of createPace(10, clock).spread(chunksOf(1000), stop.signal)) pulled += length;
    return pulled;
  })();
  read.catch(() => {});
  await clock.advance(1000);
  stop.abort(new Error('enough'));
  await expect(read).rejects.toThrow('enough');
});
