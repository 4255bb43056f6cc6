import { UploadError } from '../../src/core/errors/errors.ts';
import { RequestError, type RequestFailure } from '../../src/core/errors/request-error.ts';
import { partId } from '../../src/core/model/api.ts';
import type { CheckResult } from '../../src/doctor/examination.ts';
import { examine } from '../../src/doctor/examine.ts';
import type { Probes, TrialApi, Words } from '../../src/doctor/probes.ts';

export const words: Words = {
  bytes: count => `${count} bytes`,
  rate: perSecond => `${Math.round(perSecond)} a second`,
  duration: ms => `${ms} ms`,
};

const DAY_MS = 86_400_000;

export const certificate = (days: number) => ({
  subject: 'api.test',
  issuer: 'some authority',
  validFromMs: 0,
  validToMs: Date.now() + (days + 0.5) * DAY_MS,
});

/** A server that takes everything, each part in so many milliseconds. */
export const trialApi = (calls: string[] = [], more: Partial<TrialApi> = {}): TrialApi => ({
  create: async ({ bytes }) => {
    calls.push(`create ${bytes}`);
    return { id: 'upload_1' };
  },
  addPart: async (id, { part, read }) => {
    let read_ = 0;
    for await (const { length } of read()) read_ += length;
    calls.push(`part ${part.number} of ${id}: ${read_}`);
    return { id: partId('part_1'), httpStatus: 200, requestId: undefined };
  },
  cancel: async id => {
    calls.push(`cancel ${id}`);
    return { id };
  },
  ...more,
});

/** All is well, but for what is said otherwise. */
export const probes = (more: Partial<Probes> = {}): Probes => ({
  key: async () => 'OPENAI_API_KEY',
  baseUrl: () => new URL('https://api.test/v1'),
  proxy: async () => undefined,
  lookUp: async () => ({ addresses: ['192.0.2.1'], ms: 1 }),
  connect: async host => ({ address: host, ms: 2 }),
  shakeHands: async (_, note) => note({ protocol: 'TLSv1.3', ms: 3, chain: [certificate(90)] }),
  models: async () => ({ listed: true, count: 2 }),
  skewMs: () => 0,
  stateFolder: async () => ({ path: '/state', freeBytes: 1e10 }),
  api: () => trialApi(),
  ...more,
});

export type Examined = { readonly exitCode: number; readonly results: readonly CheckResult[] };

/** An examination, and all that it told. */
export const examined = async (
  more: Partial<Probes> = {},
  { upload = true, signal = new AbortController().signal } = {},
): Promise<Examined> => {
  const results: CheckResult[] = [];
  const tell = (result: CheckResult): void => void results.push(result);
  const exitCode = await examine({ probes: probes(more), words, upload, now: clockOf(100), tell }, signal);
  return { exitCode, results };
};

/** A clock that is so much later each time it is looked at. */
export const clockOf = (stepMs: number): (() => number) => {
  let now = 0;
  return () => {
    now += stepMs;
    return now;
  };
};

export const verdicts = ({ results }: Examined): Readonly<Record<string, string>> =>
  Object.fromEntries(results.map(({ check, verdict }) => [check, verdict]));

export const refused = (failure: Partial<RequestFailure>): RequestError =>
  new RequestError({
    endpoint: 'models',
    kind: failure.status === undefined ? 'connection' : 'status',
    reason: 'network',
    message: 'it failed',
    retryable: false,
    mayBeDone: false,
    ...failure,
  });

export const noKey = new UploadError('USAGE', 'no key: OPENAI_API_KEY is not set', {
  reason: 'no-key',
  hint: 'set it',
});
