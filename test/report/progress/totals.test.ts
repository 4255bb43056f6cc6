import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UploadError } from '../../../src/core/errors/errors.ts';
import { createBook } from '../../../src/report/progress/progress-by-file.ts';
import { fractionOf } from '../../../src/report/progress/totals.ts';
import { completed, created, finished, MiB, planned, resumed, started } from '../events.ts';
import { shown } from '../shown.ts';

/** A file of 80 MiB, sent in ten parts. */
const parts = (count: number) => Array.from({ length: count }, (_, index) => finished(index + 1));
const whole = [planned, created, ...parts(10), completed];

const expected = (files: number, isWhole = true) => ({ files, bytes: files * 80 * MiB, isWhole });

describe('16.7: the sums of many files', () => {
  it('are of all bytes from the start, those of files that have not begun too', () => {
    const book = createBook(() => 0);
    const events = [planned, created, started(1)];
    for (const path of ['a', 'b', 'c', 'd']) book.queued(path, 80 * MiB);
    for (const event of events) book.apply('a', event);
    expect(book.totals(expected(4))).toMatchObject({ files: 4, bytes: 320 * MiB, done: 0 });
    for (const event of whole.slice(2)) book.apply('a', event);
    expect(fractionOf(book.totals(expected(4)))).toBe(0.25);
    book.end('a');
    expect(fractionOf(book.totals(expected(4)))).toBe(0.25);
  });

  it('have no bytes of a file that failed, was uploaded before, or turned out smaller', () => {
    const book = createBook(() => 0);
    for (const path of ['fails', 'known', 'shrinks', 'waits']) book.queued(path, 80 * MiB);
    book.fail('fails', new UploadError('SOURCE', 'it is empty', { reason: 'empty' }));
    for (const event of [planned, { type: 'upload.skipped', fileId: 'file-1' }] as const) book.apply('known', event);
    book.apply('shrinks', { ...planned, bytes: 8 * MiB } as never);
    const sums = { bytes: 88 * MiB, done: 0, ended: 2, failed: 1, uploaded: 1 };
    expect(book.totals(expected(4))).toMatchObject(sums);
    for (const path of ['fails', 'known', 'shrinks', 'waits']) book.end(path);
    expect(book.totals(expected(4))).toMatchObject(sums);
  });

  it('never go back while files that are as large as expected begin and end', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 200 }), steps => {
        const book = createBook(() => 0);
        const events = new Map<number, number>();
        let last = 0;
        for (const file of steps) {
          const at = events.get(file) ?? 0;
          const event = whole[at];
          if (at === 0) book.queued(`${file}`, 80 * MiB);
          if (event) book.apply(`${file}`, event);
          else book.end(`${file}`);
          events.set(file, at + 1);
          const totals = book.totals(expected(10));
          expect(totals.bytes).toBe(800 * MiB);
          expect(fractionOf(totals)).toBeGreaterThanOrEqual(last);
          last = fractionOf(totals);
        }
      }),
    );
  });

  it('have a rate of the whole run, also where each file takes less than a second', () => {
    let nowMs = 0;
    const book = createBook(() => nowMs);
    for (let file = 0; file < 200; file += 1) {
      for (const event of whole) book.apply(`${file}`, event);
      book.end(`${file}`);
      nowMs += 100;
    }
    expect(book.totals(expected(400)).rate / (800 * MiB)).toBeCloseTo(1, 1);
    nowMs += 1000;
    book.totals(expected(400));
    nowMs += 20_000;
    expect(book.totals(expected(400)).rate).toBe(0);
  });

  it('do not take resumed bytes for speed', () => {
    const book = createBook(() => 5000);
    for (const event of [planned, resumed(9)]) book.apply('a', event);
    expect(book.totals(expected(2))).toMatchObject({ done: 72 * MiB, rate: 0 });
  });
});

describe('16.7: many files', () => {
  const last = async (columns: number, isWhole: boolean) => {
    const expecting = { files: 2000, bytes: 2000 * 80 * MiB, isWhole };
    const { show, pass, screen, reporter } = await shown({ expected: () => expecting }, { columns });
    for (const path of ['train.jsonl', 'validation.jsonl']) reporter.queued(path, 80 * MiB);
    show('train.jsonl', [planned, created, ...parts(5)]);
    show('validation.jsonl', [planned, created, ...parts(2)]);
    pass(900);
    return screen().lines;
  };

  it.each([40, 80, 200])('have one bar for all by bytes, at %i columns', async columns => {
    await expect(`${(await last(columns, true)).join('\n')}\n`).toMatchFileSnapshot(`screens/many-${columns}.txt`);
  });

  it.each([40, 80, 200])('say "at least" while the list is looked at, at %i columns', async columns => {
    await expect(`${(await last(columns, false)).join('\n')}\n`).toMatchFileSnapshot(`screens/at-least-${columns}.txt`);
  });

  it('say "at least" in lines', async () => {
    const expecting = { files: 12_000, bytes: 12_000 * 80 * MiB, isWhole: false };
    const { pass, reporter, text } = await shown({ expected: () => expecting });
    for (const event of [planned, created, ...parts(5)]) reporter.event('a', event);
    pass(10_000);
    expect(text()).toContain('0 files done: 40 MiB, 4 MiB/s, of at least 12,000 files, 938 GiB, ');
  });
});
