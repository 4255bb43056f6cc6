import { isLoopback } from '../core/policy/loopback.ts';
import type { Finding } from './examination.ts';
import type { Measured } from './measure-rate.ts';
import type { Certificate, Folder, Models, Words } from './probes.ts';

const ok = (message: string): Finding => ({ verdict: 'ok', message });
const warning = (message: string, hint: string): Finding => ({ verdict: 'warning', message, hint });

/** A key that crosses a network in the clear is anybody's. */
export const baseUrlFinding = (url: URL): Finding => {
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return warning(`${url.href}: key and file cross the network unencrypted`, 'use https:// if the server has it');
  if (url.hostname === 'api.openai.com' && url.pathname.replace(/\/$/, '') !== '/v1')
    return warning(`${url.href}: OpenAI's API is at https://api.openai.com/v1`, 'see --base-url and OPENAI_BASE_URL');
  return ok(url.href);
};

const DAY_MS = 86_400_000;
const FEW_DAYS = 14;

export const daysLeft = ({ validToMs }: Certificate, nowMs: number): number => Math.floor((validToMs - nowMs) / DAY_MS);

/** A certificate that is believed: the first of its chain to expire decides how long. One that has is not relied on. */
export const tlsFinding = (protocol: string, chain: readonly Certificate[], nowMs: number): Finding => {
  const [own] = chain;
  if (!own) return ok(protocol);
  const days = Math.min(...chain.map(one => daysLeft(one, nowMs)).filter(left => left >= 0));
  const message = `${protocol}, certificate for ${own.subject} by ${own.issuer}, valid for ${days} more days`;
  return days < FEW_DAYS ? warning(message, 'it will have to be renewed at the server soon') : ok(message);
};

const MUCH_SKEW_MS = 60_000;

/** Large differences in whole minutes: `Date` has whole seconds, and its answer took a while. */
const toTheMinute = (ms: number): number => (ms < 600_000 ? ms : Math.round(ms / 60_000) * 60_000);

export const clockFinding = (skewMs: number | undefined, { duration }: Words): Finding => {
  if (skewMs === undefined) return { verdict: 'skipped', message: 'no answer told the time of the server' };
  const off = duration(toTheMinute(Math.abs(skewMs)));
  if (Math.abs(skewMs) < MUCH_SKEW_MS)
    return ok(Math.abs(skewMs) < 2000 ? 'the server has the same time' : `${off} off`);
  const message = `this machine's clock is ${off} ${skewMs < 0 ? 'ahead of' : 'behind'} the server's`;
  return warning(message, 'set it right: certificates are judged by it');
};

export const modelsFinding = ({ listed, count }: Models): Finding =>
  !listed
    ? warning(
        'the server answers, but has no list of models (404)',
        'if uploads fail too, look at the path of the base URL',
      )
    : ok(`the key is accepted${count === undefined ? '' : ` (${count} ${count === 1 ? 'model' : 'models'})`}`);

const LITTLE_BYTES = 16 * 1024 ** 2;

export const stateFinding = ({ path, freeBytes }: Folder, { bytes }: Words): Finding => {
  if (freeBytes === undefined) return ok(`${path} can be written`);
  const message = `${path} can be written, ${bytes(freeBytes)} free`;
  return freeBytes < LITTLE_BYTES
    ? warning(message, 'free some space, or name another folder with --state-dir')
    : ok(message);
};

/** An upload goes on without it, but could not be resumed. */
export const stateTrouble = (message: string): Finding =>
  warning(`${message}: an interrupted upload could not be resumed`, 'name another folder with --state-dir');

const HOUR_S = 3600;
const LARGEST_BYTES = 8 * 1024 ** 3;
const SMALL_BYTES = 1024 ** 3;

/** What one connection moves; an upload uses several, and has an hour. */
export const rateFinding = ({ bytes: size, ms, cancelled }: Measured, { bytes, rate, duration }: Words): Finding => {
  const perSecond = (size * 1000) / ms;
  const inAnHour = perSecond * HOUR_S;
  const hour = inAnHour < LARGEST_BYTES ? `, ${bytes(Math.round(inAnHour))} in the hour that an upload lives` : '';
  const message = `${rate(perSecond)} on one connection (${bytes(size)} in ${duration(ms)})${hour}`;
  if (!cancelled)
    return warning(`${message}; the trial could not be cancelled`, 'nothing is to be done: it expires within the hour');
  return inAnHour < SMALL_BYTES ? warning(message, 'larger files need a faster line') : ok(message);
};
