import { describe, expect, it } from 'vitest';
import type { RequestFailure } from '../../../src/core/errors/request-error.ts';
import { backoffMs, LONGEST_SERVER_DELAY_MS, serverDelayMs } from '../../../src/core/policy/backoff.ts';
import { createFold } from '../../../src/core/policy/secret-forms.ts';
import { addSecret, REMOVED, withoutSecrets } from '../../../src/core/policy/secrets.ts';
import { serverHint } from '../../../src/core/policy/server-hints.ts';
import { limitsOf } from '../../../src/core/policy/split.ts';

const MiB = 1024 ** 2;

describe('a server that says when to ask again', () => {
  const delayOf = (header: string, text: string) => serverDelayMs(name => (name === header ? text : undefined), 0);
  it.each([
    [' 12 ', 12],
    ['1.25', 2],
    ['x12', undefined],
    ['12x', undefined],
    ['1.x', undefined],
    ['-1', undefined],
  ])('retry-after-ms: %j', (text, ms) => expect(delayOf('retry-after-ms', text)).toBe(ms));
  it.each([
    [' 12 ', 12_000],
    ['1.255', 1255],
    ['12 x', undefined],
    ['1e9', undefined],
  ])('retry-after: %j', (text, ms) => expect(delayOf('retry-after', text)).toBe(ms));
  it('is not believed beyond a year', () => {
    expect(delayOf('retry-after', '9'.repeat(30))).toBe(366 * 86_400_000);
    expect(LONGEST_SERVER_DELAY_MS).toBe(5 * 60_000);
  });
  it('and one that does not: half the ceiling at least', () => {
    expect([1, 2, 7, 8].map(failures => backoffMs(failures, () => 0))).toEqual([250, 500, 16_000, 16_000]);
    expect(backoffMs(1, () => 1)).toBe(500);
    expect(backoffMs(3, () => 0.5, { baseMs: 100, capMs: 350 })).toBe(263);
  });
});

describe('the hint for a server that differs', () => {
  const refused = (over: Partial<RequestFailure>): RequestFailure => ({
    endpoint: 'part',
    kind: 'status',
    reason: 'http-400',
    message: '',
    status: 400,
    retryable: false,
    mayBeDone: false,
    ...over,
  });
  const sending = { partSize: 8 * MiB, parts: 3, concurrency: 4 };
  const size = (mebibytes: number) => ({ ...sending, partSize: mebibytes * MiB });
  const [larger, to16, to5] = ['larger parts: run again with --restart --part-size 8MiB', '16MiB', '5MiB'];
  const inOrder = 'some servers want the parts in order, one at a time: run again with --restart --concurrency 1';

  it.each([
    ['below 5 MiB', { about: 'minimum' }, size(4), larger],
    ['below 5 MiB and too large', { status: 413, about: 'too large' }, size(4), undefined],
    ['of 5 MiB', { about: 'too small' }, size(5), undefined],
    ['above 5 MiB', { about: 'exceeds the size' }, size(6), to5],
    ['of 16 MiB', { about: 'bytes' }, size(16), to5],
    ['above 16 MiB', { about: 'at least' }, size(17), to16],
    ['that is refused with 413 alone', { status: 413 }, size(17), to16],
    ['that is refused for another reason', {}, size(17), undefined],
    ['of a server that is down', { status: 500, about: 'size' }, size(17), undefined],
  ] as const)('for a part %s', (_what, over, how, hint) => {
    const given = serverHint(refused(over), how);
    if (hint === undefined) expect(given).toBeUndefined();
    else expect(given).toContain(hint);
  });
  it.each([
    [503, 2, true],
    [429, 2, true],
    [503, 1, false],
    [500, 2, false],
  ])('for a part and %i, %i at the same time: %s', (status, concurrency, has) => {
    const hint = serverHint(refused({ status }), { ...sending, concurrency });
    expect(hint?.includes('--concurrency 1') ?? false).toBe(has);
  });
  it.each([
    [400, 2, undefined, inOrder],
    [400, 1, undefined, undefined],
    [400, 1, 'wrong order', inOrder],
    [400, 1, 'not sequential', inOrder],
    [404, 2, 'order', undefined],
    [400, 2, 'checksum', undefined],
  ])('for complete, %i at %i: %s', (status, concurrency, about, hint) => {
    const failure = refused({ endpoint: 'complete', status, about });
    expect(serverHint(failure, { ...sending, concurrency })).toBe(hint);
    expect(serverHint({ ...failure, endpoint: 'create' }, { ...sending, concurrency })).toBeUndefined();
    expect(serverHint(failure, { ...sending, concurrency, parts: 1 })).toBeUndefined();
  });
});

describe('a secret in the words of a server', () => {
  const KEY = 'sk-"odd\\key/with+signs=ü and ÿ>>>???';
  const bytes = Buffer.from(KEY);
  const echoes: readonly string[] = [
    KEY,
    JSON.stringify(KEY).slice(1, -1),
    KEY.replaceAll('/', '\\/'),
    encodeURIComponent(KEY),
    encodeURIComponent(KEY).toLowerCase().replace(/^sk/, 'sk'),
    encodeURIComponent(encodeURIComponent(KEY)),
    new URLSearchParams({ k: KEY }).toString().slice(2),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    [...KEY].map(one => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    [...KEY].map(one => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`).join(''),
  ];
  it.each(echoes)('is found whole: %s', echo => {
    const fold = createFold(KEY);
    expect(fold.mayStandIn(`<${echo}>`)).toBe(true);
    expect(`<${echo}>`.replace(fold.pattern(), REMOVED)).toBe(`<${REMOVED}>`);
    expect(`${echo} ${echo}`.replace(fold.pattern(), REMOVED)).toBe(`${REMOVED} ${REMOVED}`);
  });
  it.each([0, 1, 2, 3])('is found in base64 behind %i bytes', before => {
    const fold = createFold(KEY);
    for (const encoding of ['base64', 'base64url'] as const) {
      const text = Buffer.concat([Buffer.alloc(before, 'x'), bytes, Buffer.alloc(4, 'y')]).toString(encoding);
      const clean = text.replace(fold.pattern(), REMOVED);
      expect(fold.mayStandIn(text)).toBe(true);
      // What is left is of the bytes around it, and of the two letters that hold bits of both.
      expect(clean.replace(REMOVED, '').replaceAll('=', '').length).toBeLessThanOrEqual(12);
      expect(encodeURIComponent(text).replace(fold.pattern(), REMOVED)).toContain(REMOVED);
    }
  });
  it('is not seen in other words', () => {
    const fold = createFold(KEY);
    expect(fold.mayStandIn('an answer without it')).toBe(false);
    for (const other of [KEY.slice(1), KEY.replace('odd', 'even'), KEY.replace('w', 'W'), 'a%20b\\u0041'])
      expect(other.replace(fold.pattern(), REMOVED)).toBe(other);
  });
  it('is removed with what it holds, the longest first, and is no secret below 8 letters', () => {
    for (const secret of ['middle-secret', 'the-middle-secret-and-more', 'exactly8', 'short-7', undefined])
      addSecret(secret);
    expect(withoutSecrets('the-middle-secret-and-more')).toBe(REMOVED);
    expect(withoutSecrets('a middle-secret')).toBe(`a ${REMOVED}`);
    expect(withoutSecrets('exactly8 short-7')).toBe(`${REMOVED} short-7`);
  });
  it('is forgotten after 100 that were used later', () => {
    addSecret('used-again-secret');
    addSecret('forgotten-secret');
    const later = Array.from({ length: 98 }, (_, index) => `later-secret-${index}`);
    for (const secret of later) addSecret(secret);
    addSecret('used-again-secret');
    expect(withoutSecrets('forgotten-secret')).toBe(REMOVED);
    addSecret('one-more-secret');
    expect(withoutSecrets('forgotten-secret')).toBe('forgotten-secret');
    expect(withoutSecrets('used-again-secret')).toBe(REMOVED);
  });
});

it('a batch has limits of its own', () => {
  expect(limitsOf('batch')).not.toEqual(limitsOf('fine-tune'));
  expect(limitsOf('fine-tune')).toEqual(limitsOf('user_data'));
});
