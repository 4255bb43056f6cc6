import { describe, expect, it } from 'vitest';
import type { Destination } from '../../../src/core/model/destination.ts';
import {
  isSameFingerprint,
  type ManifestHeader,
  type ManifestRecord,
  manifestFrom,
  parseRecord,
  partsOf,
  withRecord,
  writtenRecord,
} from '../../../src/core/model/manifest.ts';
import { pruned } from '../../../src/core/model/pruned.ts';
import { requestIdentity } from '../../../src/core/model/request.ts';

const fingerprint = { dev: '1', ino: '2', size: 25, mtimeNs: '3', ctimeNs: '4' };
const destination: Destination = { kind: 'local', folder: '/tmp/x' };
const header: ManifestHeader = {
  type: 'upload',
  version: 2,
  path: '/a',
  fingerprint,
  destination,
  request: { filename: 'a', purpose: 'batch', bytes: 25, mimeType: 'text/plain' },
  partSize: 10,
  md5: true,
  checksum: 'xxh64',
  uploadId: 'upload_1',
  createdAtMs: 0,
};
const part = (number: number, size: number): ManifestRecord => ({
  type: 'part',
  number,
  id: `part_${number}`,
  size,
  digest: '00000000',
});
/** The manifest of a new upload: each test has one of its own. */
const start = () => manifestFrom(header);

describe('a fingerprint', () => {
  it('is the same only where every field is', () => {
    expect(isSameFingerprint(fingerprint, { ...fingerprint })).toBe(true);
    for (const field of ['dev', 'ino', 'mtimeNs', 'ctimeNs'] as const)
      expect(isSameFingerprint(fingerprint, { ...fingerprint, [field]: '9' })).toBe(false);
    expect(isSameFingerprint(fingerprint, { ...fingerprint, size: 9 })).toBe(false);
  });
});

describe('a manifest', () => {
  it('begins with nothing finished, of version 1 with CRC-32', () => {
    expect(start()).toMatchObject({ completing: false, completed: undefined, checksum: 'xxh64', uploadId: 'upload_1' });
    expect(start().finished.size).toBe(0);
    const { checksum: _none, ...first } = header;
    expect(manifestFrom(first).checksum).toBe('crc32');
    expect(partsOf(start()).map(({ size }) => size)).toEqual([10, 10, 5]);
  });
  it('is written as it is read', () => {
    expect(parseRecord(writtenRecord(header))).toEqual(header);
    expect(writtenRecord(header)).toMatchObject({ destination: { baseUrl: 'local:/tmp/x' } });
    expect(writtenRecord(part(1, 10))).toEqual(part(1, 10));
  });
  it.each([
    [1, 10],
    [2, 10],
    [3, 5],
  ])('accepts part %i of %i bytes, and no other size', (number, size) => {
    expect(withRecord(start(), part(number, size))?.finished.get(number)).toEqual({
      number,
      id: `part_${number}`,
      size,
      digest: '00000000',
    });
    for (const other of [size - 1, size + 1]) expect(withRecord(start(), part(number, other))).toBeUndefined();
  });
  it('has no part after its last one, and no second beginning', () => {
    expect(withRecord(start(), part(4, 5))).toBeUndefined();
    expect(withRecord(start(), header)).toBeUndefined();
  });
  it('knows whether it is completing, until there is a definite answer', () => {
    const completing = withRecord(start(), { type: 'completing' });
    expect(completing).toEqual({ ...start(), completing: true });
    expect(completing && withRecord(completing, { type: 'refused' })).toEqual(start());
    const file = { id: 'file-1' };
    const completed = completing && withRecord(completing, { type: 'completed', md5: 'm', file });
    expect(completed).toEqual({ ...start(), completed: { md5: 'm', file } });
  });
  it('follows a file that was moved', () => {
    const moved = { ...fingerprint, ino: '9' };
    expect(withRecord(start(), { type: 'source', path: '/b', fingerprint: moved })).toEqual({
      ...start(),
      path: '/b',
      fingerprint: moved,
    });
  });
});

it('two pushes are one upload only where destination and request are the same', () => {
  const { bytes: _size, ...request } = header.request;
  const same = requestIdentity(destination, request);
  expect(requestIdentity({ ...destination }, { ...request })).toBe(same);
  expect(requestIdentity({ kind: 'local', folder: '/tmp/y' }, request)).not.toBe(same);
  for (const field of ['filename', 'purpose', 'mimeType'] as const)
    expect(requestIdentity(destination, { ...request, [field]: 'other' })).not.toBe(same);
  expect(requestIdentity(destination, { ...request, expiresAfterSeconds: 3600 })).not.toBe(same);
});

describe('a File that is kept', () => {
  it('has texts of at most 4,096 letters, and 65,536 in all', () => {
    expect(pruned('x'.repeat(4097))).toBe('x'.repeat(4096));
    const texts = pruned(Array.from({ length: 20 }, () => 'x'.repeat(4096))) as readonly string[];
    expect(texts.join('')).toHaveLength(65_536);
    const names = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${index}`, 'x'.repeat(4096)]));
    expect(Object.keys(pruned(names) as object).length).toBeLessThanOrEqual(16);
  });
  it('has at most 1,000 values, in fields and in lists', () => {
    const fields = Object.fromEntries(Array.from({ length: 1500 }, (_, index) => [`f${index}`, index]));
    expect(Object.keys(pruned(fields) as object)).toHaveLength(999);
    expect(pruned(Array.from({ length: 1500 }, () => 1))).toHaveLength(999);
  });
});
