import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutText, LONGEST_FOREIGN_TEXT } from '../../../src/core/policy/cut-text.ts';
import { fasterHint, makesIt, neededRate } from '../../../src/core/policy/deadline.ts';
import { createLimiter } from '../../../src/core/policy/limiter.ts';
import { monotonicMs } from '../../../src/core/policy/monotonic.ts';
import { startReasons } from '../../../src/core/policy/resume.ts';
import { grouped, parseDuration, parseSize, parseSwitch } from '../../../src/core/policy/units.ts';

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [50_000, '50,000'],
  [1_234_567, '1,234,567'],
])('%i is written %s', (count, text) => expect(grouped(count)).toBe(text));

it('cuts a text from outside with an ellipsis, and never within a character', () => {
  expect(cutText('abcd', 4)).toBe('abcd');
  expect(cutText('abcde', 4)).toBe('abc…');
  expect(cutText('ab😀de', 4)).toBe('ab…');
  expect(cutText('a😀bde', 4)).toBe('a😀…');
  expect(cutText('x'.repeat(LONGEST_FOREIGN_TEXT))).toHaveLength(LONGEST_FOREIGN_TEXT);
  expect(cutText('x'.repeat(LONGEST_FOREIGN_TEXT + 1))).toBe(`${'x'.repeat(LONGEST_FOREIGN_TEXT - 1)}…`);
});

it('lets one of a kind through in each interval, and counts the others', () => {
  let nowMs = 0;
  const limiter = createLimiter(1000, () => nowMs);
  expect(limiter.pass('a')).toBe(0);
  expect(limiter.pass('b')).toBe(0);
  nowMs = 999;
  expect(limiter.pass('a')).toBeUndefined();
  expect(limiter.pass('a')).toBeUndefined();
  nowMs = 1000;
  expect(limiter.pass('a')).toBe(2);
  expect(limiter.pass('b')).toBe(0);
  nowMs = 2000;
  expect(limiter.pass('a')).toBe(0);
});

it('has a clock in milliseconds', () => {
  const before = process.uptime();
  const ms = monotonicMs();
  expect(ms).toBeGreaterThanOrEqual(before * 1000);
  expect(ms).toBeLessThanOrEqual(process.uptime() * 1000);
});

it('asks for the rate that makes it, and none for nothing', () => {
  expect(neededRate({ bytesLeft: 500, msLeft: 2000 })).toBe(250);
  expect(neededRate({ bytesLeft: 0, msLeft: 0 })).toBe(0);
  expect(neededRate({ bytesLeft: 1, msLeft: 0 })).toBe(Number.POSITIVE_INFINITY);
  expect(neededRate({ bytesLeft: 1, msLeft: -1 })).toBe(Number.POSITIVE_INFINITY);
  expect(makesIt({ bytesLeft: 500, msLeft: 2000, rate: 250 })).toBe(true);
  expect(makesIt({ bytesLeft: 500, msLeft: 2000, rate: 249 })).toBe(false);
});

it('takes a rate of 80 percent of the limit for the limit itself', () => {
  const [own, line] = [fasterHint({ rate: 80, limit: 100 }), fasterHint({ rate: 79, limit: 100 })];
  expect(own).toBe('raise --limit-rate, or leave it out: it holds this upload back');
  expect(line).toBe('use a faster line, more --concurrency, or a smaller file');
});

it('has a clause for every reason to start over', () => {
  for (const clause of Object.values(startReasons)) expect(clause).toMatch(/^\S+( \S+)+$/);
});

it.each(['x1M', '1Mx!', '1 M B', '1.M', '.5M', '1 ms', '10s'])('"%s" is no size', text =>
  expect(parseSize(text)).toBeUndefined());
it.each([
  ['1.25K', 1280],
  ['12.75KiB', 13_056],
  ['  7b  ', 7],
  ['3KB', 3000],
  ['2g', 2 * 1024 ** 3],
  ['10  m', 10 * 1024 ** 2],
])('"%s" is %i bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes));
it.each(['x1s', '1sx', '1.s', '.5s', '9999999999999999d', '1 MB'])('"%s" is no duration', text =>
  expect(parseDuration(text)).toBeUndefined());
it.each([
  ['1.25s', 1250],
  ['  12  M ', 720_000],
  ['12.75ms', 13],
  ['10h', 36_000_000],
])('"%s" is %i ms', (text, ms) => expect(parseDuration(text)).toBe(ms));
it.each([
  [' yes ', true],
  [' FALSE', false],
  ['false', false],
  ['yess', undefined],
])('"%s" as a switch is %s', (text, value) => expect(parseSwitch(text)).toBe(value));

it('groups digits by threes only', () => {
  fc.assert(
    fc.property(fc.nat(), count => {
      expect(grouped(count)).toMatch(/^\d{1,3}(,\d{3})*$/);
      expect(Number(grouped(count).replaceAll(',', ''))).toBe(count);
    }),
  );
});
