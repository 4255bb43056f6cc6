import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UploadError } from '../../../src/core/errors/errors.ts';
import { RequestError, type RequestFailure } from '../../../src/core/errors/request-error.ts';
import type { TransferEvent } from '../../../src/core/events/events.ts';
import { malformedReply, statusFailure } from '../../../src/io/http/failure.ts';
import { createRequests, type Request } from '../../../src/transfer/requests/requests.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const forever = new AbortController().signal;
setMaxListeners(0, forever);

type Headers = Readonly<Record<string, string>>;

/** A refusal as the adapter that knows HTTP classifies it. */
const refusal = (status: number, headers: Headers = {}, body: unknown = {}): RequestError =>
  statusFailure('part', { status, body: JSON.stringify(body), header: name => headers[name] }, 0);

const lostConnection = (): RequestError =>
  new RequestError({
    ...{ endpoint: 'part', kind: 'connection', reason: 'connection-reset', message: 'reset' },
    ...{ retryable: true, mayBeDone: false },
  });

const malformed = (): RequestError =>
  malformedReply('part', { status: 200, body: '{', header: () => undefined }, 'not JSON');

/** A run of requests in virtual time; `starts` is when each attempt began, by the run's clock. */
function scene({ retries = 10, random = () => 0.5 }: { retries?: number; random?: () => number } = {}) {
  const clock = createVirtualClock();
  const requests = createRequests({ retries, clock, random });
  const events: TransferEvent[] = [];
  const starts: number[] = [];
  const beginMs = clock.now();
  const send = <T>(
    attempt: (attempt: number) => Promise<T> | T,
    more: Partial<Request<T>> = {},
    signal = forever,
  ): Promise<T> =>
    requests.send(
      {
        endpoint: 'part',
        emit: event => void events.push(event),
        attempt: async number => {
          starts.push(clock.now() - beginMs);
          return attempt(number);
        },
        ...more,
      },
      signal,
    );
  const take = (ms: number) => clock.sleep(ms, forever);
  return { clock, events, starts, send, take, during: clock.until };
}

/** Fails as told, one failure an attempt, then answers. */
const failing =
  (...failures: readonly (RequestError | undefined)[]) =>
  (attempt: number): string => {
    const failure = failures[attempt - 1];
    if (failure) throw failure;
    return 'accepted';
  };

const failureOf = async (work: Promise<unknown>): Promise<RequestFailure & { attempts?: number }> => {
  const error = await work.then(
    () => undefined,
    error => error,
  );
  if (error instanceof RequestError) return error.failure;
  throw error;
};

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing',
    error => error,
  );

describe('how often', () => {
  it.each([0, 1, 2, 10])('tries %i times more, and no more', async retries => {
    const { send, starts, during } = scene({ retries });
    const failure = await during(
      failureOf(
        send(() => {
          throw refusal(503);
        }),
      ),
    );
    expect(failure.reason).toBe('http-503');
    expect(starts).toHaveLength(retries + 1);
  });

  it('counts for the whole run: two requests in a row share the count', async () => {
    const { send, starts, during } = scene({ retries: 3 });
    await during(
      thrownBy(
        send(
          () => {
            throw refusal(500);
          },
          { isFinal: () => starts.length === 3 },
        ),
      ),
    );
    await during(
      failureOf(
        send(() => {
          throw refusal(500);
        }),
      ),
    );
    // Two counted failures of the first (its third was final), so the second has two of its four attempts.
    expect(starts).toHaveLength(3 + 2);
  });

  it('starts again at 0 whenever the server accepts a request', async () => {
    const { send, starts, during } = scene({ retries: 2 });
    for (let part = 0; part < 5; part += 1)
      expect(await during(send(failing(refusal(500), lostConnection())))).toBe('accepted');
    expect(starts).toHaveLength(15);
  });

  it('counts siblings that fail together once', async () => {
    const { send, take, starts, during } = scene({ retries: 2 });
    const sibling = (part: number) =>
      send(async attempt => {
        await take(part);
        if (attempt < 3) throw lostConnection();
        return part;
      });
    const parts = Array.from({ length: 16 }, (_, index) => index + 1);
    expect(await during(Promise.all(parts.map(sibling)))).toEqual(parts);
    expect(starts).toHaveLength(16 * 3);
  });

  it('counts a failure only if its attempt began after the last counted one', async () => {
    const { send, take, during, events } = scene({ retries: 2 });
    // The slow one began before the quick one's two failures, and so it is not the third.
    const slow = send(async attempt => {
      await take(20_000);
      if (attempt === 1) throw lostConnection();
      return 'slow';
    });
    const quick = send(async attempt => {
      if (attempt < 3) throw lostConnection();
      await take(60_000);
      return 'quick';
    });
    expect(await during(Promise.all([slow, quick]))).toEqual(['slow', 'quick']);
    expect(events.filter(({ type }) => type === 'request.retrying')).toHaveLength(3);
  });

  it.each([
    ['408', refusal(408), true],
    ['409', refusal(409), true],
    ['429', refusal(429), true],
    ['500', refusal(500), true],
    ['599', refusal(599), true],
    ['a lost connection', lostConnection(), true],
    ['400', refusal(400), false],
    ['401', refusal(401), false],
    ['403', refusal(403), false],
    ['404', refusal(404), false],
    ['413', refusal(413), false],
    ['422', refusal(422), false],
    ['a redirect', refusal(307), false],
    ['429 insufficient_quota', refusal(429, {}, { error: { message: 'x', code: 'insufficient_quota' } }), false],
    ['429 type insufficient_quota', refusal(429, {}, { error: { message: 'x', type: 'insufficient_quota' } }), false],
    [
      '429 credit_balance_exhausted',
      refusal(429, {}, { error: { message: 'x', code: 'credit_balance_exhausted' } }),
      false,
    ],
    ['400 quotaExceeded', refusal(400, {}, { error: { message: 'x', code: 'quotaExceeded' } }), false],
    ['429 about storage', refusal(429, {}, { error: { message: 'You exceeded your file storage quota.' } }), false],
    ['x-should-retry: false on 503', refusal(503, { 'x-should-retry': 'false' }), false],
    ['x-should-retry: true on 400', refusal(400, { 'x-should-retry': 'true' }), true],
    ['x-should-retry: maybe on 503', refusal(503, { 'x-should-retry': 'maybe' }), true],
  ] as const)('%s: tried again is %3$s', async (_name, failure, isTriedAgain) => {
    const { send, during } = scene();
    const answer = await during(thrownBy(send(failing(failure)).then(() => 'accepted')));
    expect(answer === 'nothing').toBe(isTriedAgain);
  });

  it('asks twice more where a whole reply is not what was asked for', async () => {
    const { send, starts, during } = scene();
    expect(
      await during(
        failureOf(
          send(() => {
            throw malformed();
          }),
        ),
      ),
    ).toMatchObject({ kind: 'malformed' });
    expect(starts).toHaveLength(3);
    expect(await during(send(failing(malformed(), refusal(503), malformed())))).toBe('accepted');
  });
});

describe('how long', () => {
  it('waits between half the ceiling and the ceiling, 0.5 s doubling to 32 s', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), async random => {
        const { send, starts, during } = scene({ retries: 10, random: () => random });
        await during(
          failureOf(
            send(() => {
              throw lostConnection();
            }),
          ),
        );
        const ceilings = [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 32_000, 32_000, 32_000];
        expect(starts).toHaveLength(ceilings.length + 1);
        for (const [index, ceiling] of ceilings.entries()) {
          const delay = (starts[index + 1] ?? 0) - (starts[index] ?? 0);
          expect(delay).toBeGreaterThanOrEqual(ceiling / 2);
          expect(delay).toBeLessThanOrEqual(ceiling);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('waits for more than a minute in all with ten retries', async () => {
    const { send, starts, during } = scene({ random: () => 0 });
    await during(
      failureOf(
        send(() => {
          throw lostConnection();
        }),
      ),
    );
    expect(starts.at(-1)).toBeGreaterThan(60_000);
  });

  it.each([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['a fraction', { 'retry-after': '1.5' }, 1500],
    ['a date', { 'retry-after': new Date(9000).toUTCString() }, 9000],
    ['milliseconds', { 'retry-after-ms': '1234' }, 1234],
    ['milliseconds before seconds', { 'retry-after-ms': '1234', 'retry-after': '7' }, 1234],
    ['milliseconds that are nonsense', { 'retry-after-ms': 'soon', 'retry-after': '7' }, 7000],
    ['just five minutes', { 'retry-after': '300' }, 300_000],
    // No word at all: our own delay.
    ['zero', { 'retry-after': '0' }, 375],
    ['less than nothing', { 'retry-after': '-1' }, 375],
    ['a date gone by', { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 375],
    ['nonsense', { 'retry-after': 'later' }, 375],
    ['nothing', {}, 375],
  ] as const)('takes the server at its word: %s', async (_name, headers, waitedMs) => {
    for (const status of [408, 409, 429, 500, 503]) {
      const { send, starts, during } = scene();
      await during(send(failing(refusal(status, headers))));
      expect(starts).toEqual([0, waitedMs]);
    }
  });

  it.each([
    ['seconds', { 'retry-after': '301' }],
    ['absurdly many', { 'retry-after': '1000000000' }],
    ['milliseconds', { 'retry-after-ms': '300001' }],
    ['a date', { 'retry-after': new Date(3_600_000).toUTCString() }],
  ] as const)('gives up at once where that is more than five minutes, and says so: %s', async (_name, headers) => {
    const { send, starts, during } = scene();
    const error = await during(thrownBy(send(failing(refusal(429, headers)))));
    expect(error).toBeInstanceOf(UploadError);
    expect(error).toMatchObject({ code: 'UNAVAILABLE', reason: 'retry-after-too-long', httpStatus: 429 });
    expect((error as UploadError).message).toMatch(/asks to wait \d+ minutes/);
    expect(starts).toEqual([0]);
  });
});

describe('one gate for the whole run', () => {
  it.each([429, 503])('holds every request until the time that a %i named', async status => {
    const { send, take, starts, events, during } = scene();
    const told = send(failing(refusal(status, { 'retry-after': '10' })));
    const late = take(1000).then(() => send(() => 'late'));
    const later = take(9999).then(() => send(() => 'later'));
    await during(Promise.all([told, late, later]));
    expect(starts).toEqual([0, 10_000, 10_000, 10_000]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'gate.closed', delayMs: 10_000 }));
  });

  it('holds the retry of another request, whose own delay was over before', async () => {
    const { send, take, starts, during } = scene();
    const other = send(failing(lostConnection()));
    const told = take(100).then(() => send(failing(refusal(429, { 'retry-after': '10' }))));
    await during(Promise.all([other, told]));
    expect(starts).toEqual([0, 100, 10_100, 10_100]);
  });

  it('is never opened earlier by a later answer', async () => {
    const { send, take, starts, during } = scene();
    const long = send(failing(refusal(429, { 'retry-after': '10' })));
    const short = send(async attempt => {
      await take(100);
      if (attempt === 1) throw refusal(503, { 'retry-after': '1' });
      return 'accepted';
    });
    await during(Promise.all([long, short]));
    expect(starts).toEqual([0, 0, 10_000, 10_000]);
  });

  it('does not hold the others for a delay of our own', async () => {
    const { send, take, starts, during } = scene();
    await during(
      Promise.all([send(failing(refusal(500, { 'retry-after': '10' }))), take(5).then(() => send(() => 1))]),
    );
    expect(starts).toEqual([0, 5, 10_000]);
  });

  it.each([
    ['is out of attempts', 0, {}, {}],
    ['is not tried again', 10, { 'x-should-retry': 'false' }, {}],
    ['ends here anyway', 10, {}, { isFinal: () => true }],
  ] as const)('holds the others also where the request that was told to wait %s', async (_name, retries, headers, more) => {
    const { send, take, starts, during } = scene({ retries });
    const told = thrownBy(send(failing(refusal(503, { 'retry-after': '10', ...headers })), more));
    const other = take(5).then(() => send(() => 'accepted'));
    await during(Promise.all([told, other]));
    expect(starts).toEqual([0, 10_000]);
  });

  it('gives every request up while the server asks for more than five minutes', async () => {
    const { send, take, starts, during } = scene();
    const told = thrownBy(send(failing(refusal(429, { 'retry-after': '3600' }))));
    const waiting = thrownBy(send(failing(lostConnection())));
    const other = thrownBy(take(5).then(() => send(() => 'accepted')));
    const reason = expect.objectContaining({ reason: 'retry-after-too-long' });
    expect(await during(Promise.all([told, waiting, other]))).toEqual([reason, reason, reason]);
    expect(starts).toEqual([0, 0]);
  });

  it('is not closed by a quota that no waiting cures', async () => {
    const { send, starts, during } = scene();
    const quota = refusal(429, { 'retry-after': '3600' }, { error: { message: 'x', code: 'insufficient_quota' } });
    expect(await during(failureOf(send(failing(quota))))).toMatchObject({ quota: true });
    await during(send(() => 'accepted'));
    expect(starts).toEqual([0, 0]);
  });

  it('lets nobody through early, whatever the answers', async () => {
    const answer = fc.record({
      afterMs: fc.integer({ min: 0, max: 3000 }),
      status: fc.constantFrom(200, 200, 429, 500, 503),
      retryAfterMs: fc.integer({ min: 1, max: 5000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(answer, { maxLength: 5 }), { minLength: 1, maxLength: 8 }), async scripts => {
        const { clock, send, take, during } = scene({ retries: 1000 });
        let closedUntilMs = 0;
        const early: number[] = [];
        const follow = (script: (typeof scripts)[number]) =>
          send(async attempt => {
            if (clock.now() < closedUntilMs) early.push(clock.now());
            const { afterMs, status, retryAfterMs } = script[attempt - 1] ?? {
              afterMs: 0,
              status: 200,
              retryAfterMs: 0,
            };
            await take(afterMs);
            if (status === 200) return;
            if (status !== 500) closedUntilMs = Math.max(closedUntilMs, clock.now() + retryAfterMs);
            throw refusal(status, { 'retry-after-ms': String(retryAfterMs) });
          });
        await during(Promise.all(scripts.map(follow)));
        expect(early).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

it('stops waiting at once when it is interrupted', async () => {
  const { send, take, starts, during } = scene();
  const controller = new AbortController();
  const waiting = thrownBy(send(failing(refusal(503, { 'retry-after': '200' })), {}, controller.signal));
  const interrupt = take(10).then(() => controller.abort('interrupted'));
  const [error] = await during(Promise.all([waiting, interrupt]));
  expect(error).toBe('interrupted');
  expect(starts).toEqual([0]);
});
