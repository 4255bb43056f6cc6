import { expect, test } from 'vitest';
import { asRunError, RequestError, type RequestFailure } from '../../../src/core/errors/request-error.ts';
import { fasterHint } from '../../../src/core/policy/deadline.ts';
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

const at = (partSize: number, concurrency = 4, parts = 3) => ({ partSize, parts, concurrency });

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
  [
    '12.28: one part is always in order',
    refused('complete', 400, 'expected 5 bytes but got 4, in order'),
    at(8 * MiB, 4, 1),
  ],
  ['a key that is refused is not cured by a flag', refused('part', 401, 'Incorrect API key'), at(8 * MiB)],
])('%s', (_, failure, sending) => {
  expect(serverHint(failure, sending)).toBeUndefined();
});

test('12.28: a refused byte count is not cured without an md5', () => {
  const hintOf = (about: string) => asRunError(new RequestError(refused('complete', 400, about))).hint;
  expect(hintOf('expected 5 bytes, got 4')).toMatch(/other bytes than were sent.*--restart/);
  expect(hintOf('md5 does not match the bytes')).toContain('--no-md5');
});

test('12.28: a run that its own limit holds back needs no faster line', () => {
  expect(fasterHint({ rate: 1000, limit: 1000 })).toContain('--limit-rate');
  expect(fasterHint({ rate: 950, limit: 1000 })).toContain('--limit-rate');
  expect(fasterHint({ rate: 100, limit: 1000 })).toContain('faster line');
  expect(fasterHint({ rate: 100, limit: undefined })).toContain('faster line');
});
