import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadChecksums, preferredChecksum } from '../../../src/io/read/checksum.ts';
import { xxh64 } from '../../support/xxh64.ts';

const start = await loadChecksums();

it('knows the published XXH64 of nothing, of "a" and of a pangram', () => {
  const known = {
    '': 'ef46db3751d8e999',
    a: 'd24ec4f1a98c6e5b',
    'Nobody inspects the spammish repetition': 'fbcea83c8a378bf1',
  };
  for (const [text, digest] of Object.entries(known)) expect(xxh64(Buffer.from(text))).toBe(digest);
});

it.each([
  { kind: 'crc32', expected: (bytes: Buffer) => crc32(bytes).toString(16).padStart(8, '0') },
  { kind: 'xxh64', expected: xxh64 },
] as const)('$kind is the same however the bytes are cut, and beside others', ({ kind, expected }) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), chunks => {
      const [one, other] = [start(kind), start(kind)];
      for (const chunk of chunks) {
        one.update(chunk);
        other.update(chunk.map(byte => byte ^ 1));
      }
      expect(one.digest()).toBe(expected(Buffer.concat(chunks)));
    }),
  );
});

it('reads shared memory too', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(1000)).map((_, index) => index);
  const checksum = start('xxh64');
  checksum.update(shared);
  expect(checksum.digest()).toBe(xxh64(Buffer.from(shared)));
});

it('prefers XXH64 where there is WebAssembly', () => {
  expect(preferredChecksum).toBe('xxh64');
});
