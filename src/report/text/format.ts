import prettyBytes from 'pretty-bytes';
import prettyMs from 'pretty-ms';
import { grouped } from '../../core/policy/units.ts';

/** A size for people, in 1024s: `1.5 GiB`. */
export const bytes = (count: number): string => prettyBytes(count, { binary: true });

/** A speed for people: `175 MiB/s`. */
export const rate = (bytesPerSecond: number): string => `${bytes(Math.round(bytesPerSecond))}/s`;

/** A time for people, two units at most: `300 ms`, `1.2 s`, `1 m 12 s`. */
export const duration = (ms: number): string => {
  const secondsDecimalDigits = ms < 10_000 ? 1 : 0;
  return prettyMs(Math.max(0, Math.round(ms)), { unitCount: 2, secondsDecimalDigits }).replace(/(\d)([a-z])/g, '$1 $2');
};

/** A wait for people, never shorter than it is: `12 s`. */
export const wait = (ms: number): string => duration(Math.ceil(Math.max(0, ms) / 1000) * 1000);

/** A number that changes all the time cannot be read. */
export const wholeSeconds = (ms: number): number => Math.floor(Math.max(0, ms) / 1000) * 1000;

/** How much of how much, the unit once where both have it: `1.2/2.11 GiB`. */
export const share = (done: number, total: number): string => {
  const [part, whole] = [bytes(done), bytes(total)];
  const [amount, unit] = part.split(' ');
  return unit === whole.split(' ')[1] ? `${amount}/${whole}` : `${part}/${whole}`;
};

/** Whole percent, 100 only where it is all. */
export const percent = (fraction: number): string => `${fraction > 0 ? Math.floor(Math.min(1, fraction) * 100) : 0}%`;

/** `1 part`, `12,000 parts`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${grouped(count)} ${count === 1 ? noun : plural}`;

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** A time left for people, in one unit, never longer than it is: `30 days`, `58 minutes`, `5 seconds`. */
export const span = (ms: number): string => inOneUnit(ms, Math.floor);

/** The same, to the nearest: a File that lives 30 days has them a minute later, too. */
export const aboutSpan = (ms: number): string => inOneUnit(ms, Math.round);

const inOneUnit = (ms: number, whole: (count: number) => number): string => {
  const [unit, length] = UNITS.find(([, unitMs]) => ms >= 2 * unitMs) ?? ['second', 1000];
  return counted(whole(ms / length), unit);
};
