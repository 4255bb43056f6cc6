import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TransferEvent } from '../../src/core/events/events.ts';
import { emptyTally, tally } from '../../src/core/events/stats.ts';
import type { Manifest } from '../../src/core/model/manifest.ts';
import { automaticPartSize, bytesOf, planParts } from '../../src/core/model/part.ts';
import { makePlan } from '../../src/core/model/plan.ts';
import { backoffMs, serverDelayMs } from '../../src/core/policy/backoff.ts';
import { makesIt, neededRate } from '../../src/core/policy/deadline.ts';
import { decide, type Refused, startOverReason } from '../../src/core/policy/resume.ts';
import { parseDuration, parseSize, parseSwitch } from '../../src/core/policy/units.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

describe('parts', () => {
  it('cover every byte once, in order, none empty', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1e5, max: 1e8 }), (size, partSize) => {
        const parts = planParts(size, partSize);
        let end = 0;
        for (const [index, part] of parts.entries()) {
          expect(part.number).toBe(index + 1);
          expect(part.offset).toBe(end);
          expect(part.size).toBeGreaterThan(0);
          expect(part.size).toBeLessThanOrEqual(partSize);
          if (index < parts.length - 1) expect(part.size).toBe(partSize);
          end += part.size;
        }
        expect(end).toBe(size);
        expect(bytesOf(parts)).toBe(size);
      }),
    );
  });

  it.each([
    [1, 8],
    [800 * MiB, 8],
    [800 * MiB + 1, 9],
    [GiB, 11],
    [6 * GiB, 61],
    [8 * GiB, 61],
  ])('of a file of %i bytes are of %i MiB', (size, mebibytes) => {
    expect(automaticPartSize(size)).toBe(mebibytes * MiB);
  });
});

describe('a plan', () => {
  const plan = (bytes: number, partSize?: number) =>
    makePlan({ request: { filename: 'f', purpose: 'batch', bytes, mimeType: 'text/plain' }, partSize, md5: true });
  it.each([
    [0, undefined, 'SOURCE', 'empty'],
    [8 * GiB + 1, undefined, 'SOURCE', 'too-large'],
    [10_001, 1, 'USAGE', 'usage'],
  ])('of %i bytes in parts of %s is refused: %s', (bytes, partSize, code, reason) => {
    expect(() => plan(bytes, partSize)).toThrow(expect.objectContaining({ code, reason }));
  });
  it('takes the limits themselves', () => {
    expect(plan(8 * GiB).parts).toHaveLength(Math.ceil((8 * 1024) / 61));
    expect(plan(10_000, 1).parts).toHaveLength(10_000);
  });
});

describe('units', () => {
  it.each([
    ['4096', 4096],
    ['1k', 1024],
    ['8MiB', 8 * MiB],
    ['8m', 8 * MiB],
    ['64MB', 64e6],
    ['1.5GB', 1.5e9],
    [' 2 GiB ', 2 * GiB],
    ['0.5', 1],
  ])('%s is %i bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes));
  it.each(['', 'x', '-1', '1e3', '8 TB', '1..5M', 'MiB', '9999999999999999999'])('"%s" is no size', text =>
    expect(parseSize(text)).toBeUndefined());
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['1.5h', 5_400_000],
  ])('%s is %i ms', (text, ms) => expect(parseDuration(text)).toBe(ms));
  it.each(['', '30', '5 minutes', '-1s', 's'])('"%s" is no duration', text =>
    expect(parseDuration(text)).toBeUndefined());
  it.each([
    ['1', true],
    ['YES', true],
    ['true', true],
    ['0', false],
    ['no', false],
    ['', false],
    ['on', undefined],
    ['2', undefined],
  ])('"%s" as a switch is %s', (text, value) => expect(parseSwitch(text)).toBe(value));
});

describe('backoff', () => {
  it('lies between half the ceiling and the ceiling, and never above the cap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
        const ceiling = Math.min(32_000, 500 * 2 ** (failures - 1));
        const delay = backoffMs(failures, () => random);
        expect(delay).toBeGreaterThanOrEqual(ceiling / 2);
        expect(delay).toBeLessThanOrEqual(ceiling);
      }),
    );
  });
  it('of ten failures is more than a minute', () => {
    const least = Array.from({ length: 10 }, (_, index) => backoffMs(index + 1, () => 0));
    expect(least.reduce((sum, delay) => sum + delay)).toBeGreaterThan(60_000);
  });

  const nowMs = Date.parse('Tue, 01 Jul 2025 00:00:00 GMT');
  it.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '120', 'retry-after': '7' }, 120],
    [{ 'retry-after': 'Tue, 01 Jul 2025 00:00:09 GMT' }, 9000],
    [{ 'retry-after': 'Mon, 30 Jun 2025 00:00:00 GMT' }, undefined],
    [{ 'retry-after': '0' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after-ms': 'x', 'retry-after': '2' }, 2000],
    [{}, undefined],
  ] as const)('%o: the server says %s', (headers: Readonly<Record<string, string>>, delay) => {
    expect(serverDelayMs(name => headers[name], nowMs)).toBe(delay);
  });
});

describe('the hour', () => {
  it('is made at the needed rate and missed below it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e10 }), fc.integer({ min: 1, max: 3_600_000 }), (bytesLeft, msLeft) => {
        const rate = neededRate({ bytesLeft, msLeft });
        expect(makesIt({ bytesLeft, msLeft, rate })).toBe(true);
        expect(makesIt({ bytesLeft, msLeft, rate: rate * 0.99 })).toBe(false);
      }),
    );
  });
  it('needs no rate for nothing, and no rate will do once it is over', () => {
    expect(makesIt({ bytesLeft: 0, msLeft: -1, rate: 0 })).toBe(true);
    expect(makesIt({ bytesLeft: 1, msLeft: 0, rate: 1e12 })).toBe(false);
  });
});

describe('a saved upload', () => {
  const saved = (over: Partial<Manifest> = {}) =>
    ({ request: { bytes: 10 }, expiresAtMs: 1000, completing: false, completed: undefined, ...over }) as Manifest;
  const completed = { md5: null, file: { id: 'file-1' } } as Manifest['completed'];
  it.each([
    ['nothing saved', undefined, 10, false, 0, 'no manifest'],
    ['as it was', saved(), 10, false, 999, 'resume'],
    ['another size', saved(), 11, false, 0, 'size changed'],
    ['past its hour', saved(), 10, false, 1000, 'upload expired'],
    ['without an hour', saved({ expiresAtMs: undefined }), 10, false, 1e15, 'resume'],
    ['past its hour, but completing', saved({ completing: true }), 10, false, 2000, 'resume'],
    ['past its hour, but completed', saved({ completed }), 10, false, 2000, 'resume'],
    ['--restart', saved(), 10, true, 0, 'asked to'],
    ['--restart with nothing saved', undefined, 10, true, 0, 'asked to'],
    ['completed, of another size', saved({ completed }), 11, false, 0, 'size changed'],
  ] as const)('%s: %s', (_what, manifest, size, restart, nowMs, expected) => {
    const decision = decide({ saved: manifest, size, restart, nowMs });
    expect(decision.kind === 'resume' ? 'resume' : decision.because).toBe(expected);
  });
});

describe('a refusal', () => {
  const base: Refused = {
    status: 400,
    endpoint: 'part',
    saved: false,
    accepted: false,
    orphans: false,
    expired: false,
  };
  const table: readonly (readonly [string, Partial<Refused>, string | undefined])[] = [
    ...[400, 404, 409, 410, 413].map(
      status => [`${status} of a saved one`, { saved: true, status }, 'upload gone'] as const,
    ),
    ...[401, 403, 408, 422, 429, 500, 503].map(
      status => [`${status} of a saved one`, { saved: true, status }, undefined] as const,
    ),
    ...[400, 404, 409, 410, 413].map(
      status => [`${status} once something was accepted`, { saved: true, accepted: true, status }, undefined] as const,
    ),
    ...[400, 409, 413, 422].map(
      status => [`${status} with orphans`, { accepted: true, orphans: true, status }, 'orphans counted'] as const,
    ),
    ...[401, 404, 429, 500].map(
      status => [`${status} with orphans`, { accepted: true, orphans: true, status }, undefined] as const,
    ),
    ...[400, 404, 409, 410, 422].map(
      status => [`${status} past the hour`, { expired: true, status }, 'upload expired'] as const,
    ),
    ...[401, 403, 408, 429, 500].map(
      status => [`${status} past the hour`, { expired: true, status }, undefined] as const,
    ),
    ['400 of one made in this run', {}, undefined],
    ['no status, past the hour', { status: undefined, expired: true }, 'upload expired'],
    ['no status', { status: undefined }, undefined],
  ];
  it.each(table)('%s', (_what, over, expected) => expect(startOverReason({ ...base, ...over })).toBe(expected));
});

describe('the tally', () => {
  const fold = (...events: readonly object[]) => (events as readonly TransferEvent[]).reduce(tally, emptyTally);
  it('counts what a run cost', () => {
    const sum = fold(
      { type: 'upload.resumed', uploadId: 'u', expiresAtMs: undefined, parts: 3, bytes: 30 },
      { type: 'part.changed', part: 2, size: 10 },
      { type: 'part.retrying', part: 2, attempt: 2, sent: 7, delayMs: 1, error: {} },
      { type: 'request.retrying', endpoint: 'complete', attempt: 2, delayMs: 1, error: {} },
      { type: 'part.finished', part: 2, size: 10, partId: 'p' },
      { type: 'part.stopped', part: 4, attempt: 1, sent: 3 },
    );
    expect(sum).toEqual({
      partsSent: 1,
      bytesSent: 10,
      bytesResent: 10,
      partsResumed: 2,
      bytesSkipped: 20,
      partsChanged: 1,
      retries: 2,
    });
  });
  it('counts what a start-over threw away as sent again', () => {
    const sum = fold(
      { type: 'upload.resumed', uploadId: 'u', expiresAtMs: undefined, parts: 3, bytes: 30 },
      { type: 'part.finished', part: 4, size: 10, partId: 'p' },
      { type: 'upload.restarted', because: 'upload gone' },
      { type: 'part.finished', part: 1, size: 10, partId: 'p' },
    );
    expect(sum).toMatchObject({ partsSent: 1, bytesSent: 10, bytesResent: 10, partsResumed: 0, bytesSkipped: 0 });
  });
});
