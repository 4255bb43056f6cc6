import { describe, expect, it } from 'vitest';
import { interruptedBy } from '../../src/core/errors/errors.ts';
import { baseUrlFinding, clockFinding, rateFinding, stateFinding } from '../../src/doctor/findings.ts';
import { measureRate, TRIAL_SIZES } from '../../src/doctor/measure-rate.ts';
import { clockOf, refused, trialApi, words } from './fakes.ts';

const KiB = 1024;
const MiB = 1024 ** 2;
const { signal } = new AbortController();

describe('the trial upload', () => {
  it('sends parts that grow while they are quick, 8 MB at most, and cancels', async () => {
    const calls: string[] = [];
    const measured = await measureRate(trialApi(calls), clockOf(200), signal);
    const total = TRIAL_SIZES.reduce((sum, size) => sum + size, 0);
    expect(total).toBeLessThan(8e6);
    expect(measured).toEqual({ bytes: 6 * MiB, ms: 200, sentBytes: total, cancelled: true });
    expect(calls).toEqual([
      `create ${total}`,
      `part 1 of upload_1: ${64 * KiB}`,
      `part 2 of upload_1: ${256 * KiB}`,
      `part 3 of upload_1: ${MiB}`,
      `part 4 of upload_1: ${6 * MiB}`,
      'cancel upload_1',
    ]);
  });

  it('ends after one small part on a slow line', async () => {
    const measured = await measureRate(trialApi(), clockOf(4000), signal);
    expect(measured).toEqual({ bytes: 64 * KiB, ms: 4000, sentBytes: 64 * KiB, cancelled: true });
  });

  it('goes on to larger parts where a server wants them', async () => {
    const api = trialApi();
    const addPart: typeof api.addPart = (id, body, ...rest) =>
      body.part.size < 5 * MiB ? Promise.reject(refused({ status: 400 })) : api.addPart(id, body, ...rest);
    expect(await measureRate({ ...api, addPart }, clockOf(100), signal)).toMatchObject({
      bytes: 6 * MiB,
      sentBytes: 6 * MiB,
    });
  });

  it.each([400, 503])('cancels where every part is answered with %i', async status => {
    const calls: string[] = [];
    const failure = refused({ status });
    const api = trialApi(calls, { addPart: () => Promise.reject(failure) });
    await expect(measureRate(api, clockOf(100), signal)).rejects.toBe(failure);
    expect(calls.at(-1)).toBe('cancel upload_1');
  });

  it('cancels when it is interrupted', async () => {
    const calls: string[] = [];
    const controller = new AbortController();
    const interruption = interruptedBy('SIGINT');
    const api = trialApi(calls, {
      addPart: async () => {
        controller.abort(interruption);
        throw interruption;
      },
    });
    await expect(measureRate(api, clockOf(100), controller.signal)).rejects.toBe(interruption);
    expect(calls.at(-1)).toBe('cancel upload_1');
  });

  it('has a rate even where it cannot be cancelled', async () => {
    const api = trialApi([], { cancel: () => Promise.reject(refused({ status: 500 })) });
    expect(await measureRate(api, clockOf(100), signal)).toMatchObject({ bytes: 6 * MiB, cancelled: false });
  });
});

it.each([
  [{ bytes: 6 * MiB, ms: 100, cancelled: true }, 'ok', false],
  [{ bytes: MiB, ms: 1000, cancelled: true }, 'ok', true],
  [{ bytes: 64 * KiB, ms: 1000, cancelled: true }, 'warning', true],
  [{ bytes: 6 * MiB, ms: 100, cancelled: false }, 'warning', false],
])('%o is %s', (measured, verdict, limited) => {
  const finding = rateFinding({ ...measured, sentBytes: measured.bytes }, words);
  expect(finding.verdict).toBe(verdict);
  expect(finding.message.includes('in the hour')).toBe(limited);
});

it.each([
  ['https://api.openai.com/v1', 'ok'],
  ['https://api.openai.com/v1/', 'ok'],
  ['https://api.openai.com', 'warning'],
  ['https://eu.api.openai.com/v1', 'ok'],
  ['http://127.0.0.1:8080/v1', 'ok'],
  ['http://localhost/v1', 'ok'],
  ['http://[::1]/v1', 'ok'],
  ['http://192.168.1.2/v1', 'warning'],
  ['http://api.test/v1', 'warning'],
])('the base URL %s is %s', (url, verdict) => {
  expect(baseUrlFinding(new URL(url)).verdict).toBe(verdict);
});

it.each([
  [0, /same time/],
  [-5000, /^5000 ms off$/],
  [90_000, /90000 ms behind the server/],
  [-90_000, /90000 ms ahead of the server/],
])('a clock that is %i ms off', (skewMs, says) => {
  expect(clockFinding(skewMs, words).message).toMatch(says);
});

it('warns of a folder that is nearly full, where that is known', () => {
  expect(stateFinding({ path: '/s', freeBytes: MiB }, words).verdict).toBe('warning');
  expect(stateFinding({ path: '/s', freeBytes: undefined }, words)).toEqual({
    verdict: 'ok',
    message: '/s can be written',
  });
});
