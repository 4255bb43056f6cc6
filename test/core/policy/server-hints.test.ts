import { expect, test } from 'vitest';
import type { RequestFailure } from '../../../src/core/errors/request-error.ts';
import { serverHint } from '../../../src/core/policy/server-hints.ts';

const MiB = 1024 ** 2;

const refused = (endpoint: 'part' | 'complete', status: number, about = ''): RequestFailure => ({
  endpoint,
  kind: 'status',
  reason: `http-${status}`,
  message: about,
  about,
  status,
  retryable: false,
  mayBeDone: false,
});

const at = (partSize: number, concurrency = 4) => ({ partSize, concurrency });

test.each([
  ['a part above 16 MiB', refused('part', 413, 'Part too large'), at(61 * MiB), '--restart --part-size 16MiB'],
  ['a part below 5 MiB', refused('part', 400, 'Part size must be at least 5 MiB'), at(MiB), '--part-size 8MiB'],
  ['a body too many', refused('part', 503, 'busy'), at(8 * MiB), '--concurrency 1'],
  ['parts out of order', refused('complete', 400, 'part ids out of order'), at(8 * MiB), '--restart --concurrency 1'],
])('%s is answered with the flag that cures it', (_, failure, sending, flag) => {
  expect(serverHint(failure, sending)).toContain(flag);
});

test.each([
  ['an md5 that is refused has a hint of its own', refused('complete', 400, 'md5 does not match'), at(8 * MiB)],
  ['one part at a time is all that can be done', refused('part', 503, 'busy'), at(8 * MiB, 1)],
  ['a key that is refused is not cured by a flag', refused('part', 401, 'Incorrect API key'), at(8 * MiB)],
])('%s', (_, failure, sending) => {
  expect(serverHint(failure, sending)).toBeUndefined();
});
