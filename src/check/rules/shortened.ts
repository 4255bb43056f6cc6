const LONGEST = 256;

/** A text as a key that takes little memory: a long one by its beginning, its length and a hash of it all. */
export const shortened = (text: string): string =>
  text.length <= LONGEST ? text : `${copied(text.slice(0, 64))}…${text.length}…${hash(text, 0)}${hash(text, SEED)}`;

const SEED = 0x9e3779b9;

/** A slice refers to the whole text and would keep it in memory; a copy does not. */
const copied = (text: string): string => Buffer.from(text).toString();

/** MurmurHash3's steps over UTF-16 units. */
function hash(text: string, seed: number): string {
  let mixed = seed;
  for (let index = 0; index < text.length; index += 1) {
    mixed = Math.imul(mixed ^ text.charCodeAt(index), 0xcc9e2d51);
    mixed = ((mixed << 15) | (mixed >>> 17)) ^ index;
  }
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  return ((mixed ^ (mixed >>> 13)) >>> 0).toString(36);
}
