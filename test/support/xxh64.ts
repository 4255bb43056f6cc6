// XXH64 with seed 0, written after its specification with BigInt: slow, and independent of what it checks.

const MASK = (1n << 64n) - 1n;
const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;

const times = (a: bigint, b: bigint): bigint => (a * b) & MASK;
const plus = (a: bigint, b: bigint): bigint => (a + b) & MASK;
const turned = (a: bigint, bits: bigint): bigint => ((a << bits) | (a >> (64n - bits))) & MASK;
const round = (lane: bigint, input: bigint): bigint => times(turned(plus(lane, times(input, P2)), 31n), P1);
const merged = (hash: bigint, lane: bigint): bigint => plus(times(hash ^ round(0n, lane), P1), P4);

/** Sixteen lower-case hex digits. */
export function xxh64(bytes: Buffer): string {
  let at = 0;
  let hash = P5;
  if (bytes.length >= 32) {
    const lanes = [plus(P1, P2), P2, 0n, (-P1 + (1n << 64n)) & MASK];
    for (; at + 32 <= bytes.length; at += 32)
      for (let lane = 0; lane < 4; lane += 1)
        lanes[lane] = round(lanes[lane] as bigint, bytes.readBigUInt64LE(at + lane * 8));
    const [a, b, c, d] = lanes as [bigint, bigint, bigint, bigint];
    hash = plus(plus(turned(a, 1n), turned(b, 7n)), plus(turned(c, 12n), turned(d, 18n)));
    for (const lane of lanes) hash = merged(hash, lane);
  }
  hash = plus(hash, BigInt(bytes.length));
  for (; at + 8 <= bytes.length; at += 8)
    hash = plus(times(turned(hash ^ round(0n, bytes.readBigUInt64LE(at)), 27n), P1), P4);
  if (at + 4 <= bytes.length) {
    hash = plus(times(turned(hash ^ times(BigInt(bytes.readUInt32LE(at)), P1), 23n), P2), P3);
    at += 4;
  }
  for (; at < bytes.length; at += 1) hash = times(turned(hash ^ times(BigInt(bytes.readUInt8(at)), P5), 11n), P1);
  hash = times(hash ^ (hash >> 33n), P2);
  hash = times(hash ^ (hash >> 29n), P3);
  return (hash ^ (hash >> 32n)).toString(16).padStart(16, '0');
}
