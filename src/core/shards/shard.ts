/** One of several runs that share a list of files: the `index`-th of `count`, from 1. */
export type Shard = { readonly index: number; readonly count: number };

/** What `--shard` says: the shard itself, or that the scheduler tells it; `count` where the scheduler does not. */
export type ShardChoice = Shard | { readonly auto: true; readonly count: number | undefined };

const MOST_SHARDS = 100_000;

/** `3/8`, `auto` or `auto/8`; nothing where it is none of these. */
export const parseShard = (text: string): ShardChoice | undefined => {
  const [, index, count] = /^(auto|\d{1,6})(?:\/(\d{1,6}))?$/.exec(text) ?? [];
  if (index === undefined) return undefined;
  const shards = count === undefined ? undefined : Number(count);
  if (shards !== undefined && (shards < 1 || shards > MOST_SHARDS)) return undefined;
  if (index === 'auto') return { auto: true, count: shards };
  return shards === undefined ? undefined : shardOf(Number(index), shards);
};

/** The `index`-th of `count`, if there is one. */
export const shardOf = (index: number, count: number): Shard | undefined =>
  index >= 1 && index <= count ? { index, count } : undefined;

/**
 * The shard of a path, from 1, by the path alone, so that a longer list moves no file: FNV-1a of 32 bits over the UTF-8
 * of the path as it was given, mixed as MurmurHash3 ends.
 */
export const shardOfPath = (path: string, count: number): number =>
  1 + Math.floor((mixed(fnv1a(path)) / 2 ** 32) * count);

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

function mixed(hash: number): number {
  let mix = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}

/**
 * The shard of each file by its size, from 1: the largest first, each to the shard that has the fewest bytes so far. The
 * same sizes in the same order give the same shards.
 */
export const shardsBySize = (sizes: ArrayLike<number>, count: number): Uint32Array => {
  const order = Uint32Array.from({ length: sizes.length }, (_, index) => index);
  order.sort((a, b) => (sizes[b] as number) - (sizes[a] as number) || a - b);
  const shards = new Uint32Array(sizes.length);
  const [bytes, files] = [new Float64Array(count), new Float64Array(count)];
  for (const index of order) {
    const least = leastOf(bytes, files);
    shards[index] = least + 1;
    bytes[least] = (bytes[least] as number) + (sizes[index] as number);
    files[least] = (files[least] as number) + 1;
  }
  return shards;
};

/** The fewest bytes; of those the fewest files. */
function leastOf(bytes: Float64Array, files: Float64Array): number {
  let least = 0;
  for (let shard = 1; shard < bytes.length; shard += 1) {
    const difference = (bytes[shard] as number) - (bytes[least] as number);
    if (difference < 0 || (difference === 0 && (files[shard] as number) < (files[least] as number))) least = shard;
  }
  return least;
}
