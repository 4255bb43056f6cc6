import { describe, expect, it } from 'vitest';
import { interruptedBy, UploadError } from '../../src/core/errors/errors.ts';
import type { Probes } from '../../src/doctor/probes.ts';
import { certificate, examined, noKey, refused, trialApi, verdicts } from './fakes.ts';

const ALL_OK = {
  key: 'ok',
  'base-url': 'ok',
  proxy: 'ok',
  dns: 'ok',
  connect: 'ok',
  tls: 'ok',
  models: 'ok',
  clock: 'ok',
  state: 'ok',
  upload: 'ok',
};
const NO_ANSWER = { models: 'skipped', upload: 'skipped' };
const rejects = (error: unknown) => async () => Promise.reject(error);

it('looks at everything, in one order', async () => {
  const examination = await examined();
  expect(examination.exitCode).toBe(0);
  expect(verdicts(examination)).toEqual(ALL_OK);
  expect(examination.results.map(({ check }) => check)).toEqual(Object.keys(ALL_OK));
});

type Trouble = {
  readonly name: string;
  readonly probes: Partial<Probes>;
  readonly exitCode: number;
  readonly verdicts: Readonly<Record<string, string>>;
};

const TROUBLES: readonly Trouble[] = [
  { name: 'no key', probes: { key: rejects(noKey) }, exitCode: 2, verdicts: { key: 'failed', ...NO_ANSWER } },
  {
    name: 'a base URL that is none',
    probes: {
      baseUrl: () => {
        throw new UploadError('USAGE', 'the base URL needs a scheme', { reason: 'usage' });
      },
    },
    exitCode: 2,
    verdicts: {
      'base-url': 'failed',
      proxy: 'skipped',
      dns: 'skipped',
      connect: 'skipped',
      tls: 'skipped',
      ...NO_ANSWER,
    },
  },
  {
    name: 'a host that is not known',
    probes: { lookUp: rejects(refused({ reason: 'dns' })) },
    exitCode: 5,
    verdicts: { dns: 'failed', connect: 'skipped', tls: 'skipped', ...NO_ANSWER },
  },
  {
    name: 'a refused connection',
    probes: { connect: rejects(refused({ reason: 'connection-refused' })) },
    exitCode: 5,
    verdicts: { connect: 'failed', tls: 'skipped', ...NO_ANSWER },
  },
  {
    name: 'a certificate that is not believed',
    probes: { shakeHands: rejects(refused({ reason: 'tls' })) },
    exitCode: 5,
    verdicts: { tls: 'failed', ...NO_ANSWER },
  },
  {
    name: 'a key that is not accepted',
    probes: { models: rejects(refused({ status: 401 })) },
    exitCode: 4,
    verdicts: { models: 'failed', upload: 'skipped' },
  },
  {
    name: 'a server that is down',
    probes: { models: rejects(refused({ status: 503 })) },
    exitCode: 5,
    verdicts: { models: 'failed', upload: 'skipped' },
  },
  {
    name: 'a server without uploads',
    probes: {
      models: async () => ({ listed: false }),
      api: () => trialApi([], { create: rejects(refused({ status: 404 })) }),
    },
    exitCode: 6,
    verdicts: { models: 'warning', upload: 'failed' },
  },
  {
    name: 'a state folder that cannot be written',
    probes: { stateFolder: rejects(new Error('EACCES')) },
    exitCode: 0,
    verdicts: { state: 'warning' },
  },
  { name: 'no Date', probes: { skewMs: () => undefined }, exitCode: 0, verdicts: { clock: 'skipped' } },
  { name: 'a clock that is wrong', probes: { skewMs: () => 3_600_000 }, exitCode: 0, verdicts: { clock: 'warning' } },
];

it.each(TROUBLES)('with $name: what else is looked at, and the exit code', async ({
  probes,
  exitCode,
  ...expected
}) => {
  const examination = await examined(probes);
  expect(verdicts(examination)).toEqual({ ...ALL_OK, ...expected.verdicts });
  expect(examination.exitCode).toBe(exitCode);
});

it('ends with the code of what failed first', async () => {
  const connect = rejects(refused({ reason: 'connection-refused' }));
  expect((await examined({ key: rejects(noKey), connect })).exitCode).toBe(2);
});

it('tells why something was not looked at, and hints at what to do', async () => {
  const { results } = await examined({ lookUp: rejects(refused({ reason: 'dns' })) });
  const told = Object.fromEntries(results.map(({ check, message, hint }) => [check, [message, hint]]));
  expect(told).toMatchObject({
    dns: ['it failed', expect.stringContaining('check the host')],
    tls: ['not looked at, because of dns', undefined],
    upload: ['not looked at, because of dns', undefined],
  });
});

it('leaves the trial upload out', async () => {
  const api = () => {
    throw new Error('asked for');
  };
  const examination = await examined({ api }, { upload: false });
  expect(verdicts(examination)).toEqual({ ...ALL_OK, upload: 'skipped' });
  expect(examination.results.at(-1)?.message).toContain('--no-upload');
});

it('needs no TLS for http, and no lookup for an address', async () => {
  const baseUrl = () => new URL('http://[::1]:8080/v1');
  const lookUp = rejects(new Error('looked up'));
  const { exitCode, results } = await examined({ baseUrl, lookUp });
  expect(exitCode).toBe(0);
  expect(results.find(({ check }) => check === 'tls')?.verdict).toBe('skipped');
  expect(results.find(({ check }) => check === 'connect')?.facts).toMatchObject({ address: '::1', port: 8080 });
});

it('connects to the proxy where there is one', async () => {
  const asked: (string | number)[] = [];
  const { results } = await examined({
    proxy: async () => new URL('http://proxy.test:3128'),
    lookUp: async host => {
      asked.push(host);
      return { addresses: ['192.0.2.9'], ms: 1 };
    },
    connect: async (host, port) => {
      asked.push(host, port);
      return { address: '192.0.2.9', ms: 1 };
    },
  });
  expect(asked).toEqual(['proxy.test', 'proxy.test', 3128]);
  expect(results.find(({ check }) => check === 'proxy')).toMatchObject({ message: 'proxy.test:3128' });
});

describe('TLS', () => {
  const tls = async (probe: Probes['shakeHands']) =>
    (await examined({ shakeHands: probe })).results.find(({ check }) => check === 'tls');

  it.each([
    [13, 'warning'],
    [14, 'ok'],
  ])('a chain that has %i days left: %s', async (days, verdict) => {
    const found = await tls(async (_, note) =>
      note({ protocol: 'TLSv1.3', ms: 1, chain: [certificate(90), certificate(days), certificate(-9)] }),
    );
    expect(found).toMatchObject({ verdict, facts: { protocol: 'TLSv1.3', days_left: 90, chain: [{}, {}, {}] } });
    expect(found?.message).toContain(`valid for ${days} more days`);
  });

  it('tells of the chain that is not believed', async () => {
    const found = await tls(async (_, note) => {
      note({ protocol: 'TLSv1.3', ms: 1, chain: [certificate(-5)] });
      throw refused({ reason: 'tls', message: 'expired', hint: 'look at the clock' });
    });
    expect(found).toMatchObject({
      verdict: 'failed',
      message: 'expired',
      hint: 'look at the clock',
      facts: { days_left: -5, chain: [{ issuer: 'some authority' }] },
      error: { code: 'UNAVAILABLE', reason: 'tls' },
    });
  });
});

it('ends where it is interrupted, and lets a bug be one', async () => {
  const controller = new AbortController();
  const interruption = interruptedBy('SIGINT');
  const models = async () => {
    controller.abort(interruption);
    throw refused({ reason: 'network' });
  };
  await expect(examined({ models }, { signal: controller.signal })).rejects.toBe(interruption);
  await expect(examined({ models: rejects(new TypeError('x')) })).rejects.toMatchObject({ code: 'BUG' });
});
