import { expect, it } from 'vitest';
import type { Fingerprint } from '../../../src/core/model/manifest.ts';
import type { PassDigest, Source } from '../../../src/core/ports.ts';
import { requireUnchanged } from '../../../src/transfer/resume/require-unchanged.ts';

const never = new AbortController().signal;
const print = (over: Partial<Fingerprint> = {}): Fingerprint => ({
  dev: '1',
  ino: '2',
  size: 10,
  mtimeNs: '3',
  ctimeNs: '4',
  ...over,
});
const parts = [{ number: 1, offset: 0, size: 10 }];
const sent: PassDigest = { md5: undefined, parts: new Map([[1, 'aaaaaaaa']]) };

/** A file whose fingerprint and digest are these, in turn. */
function source(prints: readonly Fingerprint[], digests: readonly string[] = [], path?: Fingerprint | 'gone') {
  let [look, pass] = [0, 0];
  return {
    passes: () => pass,
    source: {
      path: 'x',
      realPath: '/x',
      fingerprint: print(),
      isAtRest: true,
      arrived: async () => {},
      prepare: () => {},
      read: () => {
        throw new Error('not read');
      },
      digest: async () => ({
        md5: undefined,
        parts: new Map([[1, digests[Math.min(pass++, digests.length - 1)] ?? '']]),
      }),
      fingerprintNow: async () => {
        const descriptor = prints[Math.min(look++, prints.length - 1)] as Fingerprint;
        return { descriptor, path: path === 'gone' ? undefined : (path ?? descriptor) };
      },
      close: async () => {},
    } satisfies Source,
  };
}
const check = (from: Source) => requireUnchanged(from, { parts, checksum: 'crc32', digest: sent }, never);

it('asks no byte of a file whose fingerprint stayed', async () => {
  const file = source([print()]);
  await check(file.source);
  expect(file.passes()).toBe(0);
});

it('reads a touched file once more, and lets it pass', async () => {
  const file = source([print({ mtimeNs: '9' })], ['aaaaaaaa']);
  await check(file.source);
  expect(file.passes()).toBe(1);
});

it.each([
  ['another size', [print({ size: 11 })], [], undefined],
  ['other bytes', [print({ ctimeNs: '9' })], ['bbbbbbbb'], undefined],
  [
    'other bytes on the second pass',
    [print({ ctimeNs: '8' }), print({ ctimeNs: '9' })],
    ['aaaaaaaa', 'bbbbbbbb'],
    undefined,
  ],
  ['being removed', [print()], [], 'gone'],
  ['being replaced', [print()], [], print({ ino: '7' })],
  ['another device', [print()], [], print({ dev: '7' })],
] as const)('notices %s', async (_what, prints, digests, path) => {
  await expect(check(source(prints, digests, path).source)).rejects.toMatchObject({
    code: 'SOURCE',
    reason: 'changed-while-sent',
  });
});

it('gives up on a file that is written to without end', async () => {
  const prints = Array.from({ length: 20 }, (_, index) => print({ mtimeNs: String(100 + index) }));
  const file = source(prints, ['aaaaaaaa']);
  await expect(check(file.source)).rejects.toMatchObject({ reason: 'changed-while-sent' });
  expect(file.passes()).toBeLessThanOrEqual(6);
});
