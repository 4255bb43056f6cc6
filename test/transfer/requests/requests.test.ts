import { setMaxListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { TransferEvent } from '../../../src/core/events/events.ts';
import { createRequests } from '../../../src/transfer/requests/requests.ts';
import { failed, inTurn, virtualClock } from '../../support/ports.ts';
import { seeded } from '../../support/torture.ts';

const never = new AbortController().signal;
setMaxListeners(0, never);

describe('retries', () => {
  it.each([0, 1, 3, 10])('%i further attempts, each later than the last', async retries => {
    const { send, clock } = make(retries);
    let attempts = 0;
    const outcome = send(async () => {
      attempts += 1;
      throw failed();
    });
    await expect(outcome).rejects.toThrow('it did not work');
    expect(attempts).toBe(retries + 1);
    expect(clock.sleeps).toEqual(
      [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 32_000, 32_000, 32_000].slice(0, retries),
    );
  });

  it('are no more where timers wake a little early', async () => {
    const clock = virtualClock();
    const early = { ...clock, sleep: (ms: number, signal: AbortSignal) => clock.sleep(ms - 2, signal) };
    const requests = createRequests({ retries: 3, clock: early, random: () => 1 });
    let attempts = 0;
    const attempt = async (): Promise<never> => {
      attempts += 1;
      throw failed();
    };
    await expect(requests.send({ endpoint: 'part', emit: () => {}, attempt }, never)).rejects.toThrow();
    expect(attempts).toBe(4);
  });

  it('count from 0 again when the server accepts anything', async () => {
    const { send } = make(2);
    for (let round = 0; round < 5; round += 1)
      await expect(send(inTurn<string>(failed(), failed(), 'yes'))).resolves.toBe('yes');
  });

  it('count siblings that fail together once', async () => {
    const { send } = make(1);
    // Four fail together, twice would be too much; each then succeeds.
    const runs = Array.from({ length: 4 }, () => send(inTurn<string>(failed(), 'yes')));
    expect(await Promise.all(runs)).toEqual(['yes', 'yes', 'yes', 'yes']);
  });

  it.each([1, 4, 16])('of %i siblings that are refused at once go on for more than a minute', async siblings => {
    for (let round = 0; round < 10; round += 1) {
      const random = seeded(round);
      const { requests, clock } = make(10, random.next);
      const startMs = clock.now();
      const stop = new AbortController();
      setMaxListeners(0, stop.signal);
      let gaveUpAfterMs: number | undefined;
      const attempt = async (): Promise<never> => {
        throw failed();
      };
      const runs = Array.from({ length: siblings }, () =>
        requests.send({ endpoint: 'part', emit: () => {}, attempt }, stop.signal).catch(error => {
          gaveUpAfterMs ??= clock.now() - startMs;
          stop.abort(error);
        }),
      );
      await Promise.all(runs);
      expect(gaveUpAfterMs).toBeGreaterThan(60_000);
    }
  });

  it('do not happen for what is final', async () => {
    const { requests, events } = make(5);
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      throw failed({ status: 409 });
    };
    const emit = (event: TransferEvent) => void events.push(event);
    await expect(requests.send({ endpoint: 'part', emit, attempt, isFinal: () => true }, never)).rejects.toThrow();
    const refusal = inTurn(failed({ retryable: false }));
    await expect(requests.send({ endpoint: 'part', emit, attempt: refusal }, never)).rejects.toThrow();
    expect(attempts).toBe(1);
  });

  it('are no cure for errors that are none of the server', async () => {
    const { send } = make(5);
    let attempts = 0;
    await expect(
      send(async () => {
        attempts += 1;
        throw new TypeError('a bug');
      }),
    ).rejects.toThrow('a bug');
    expect(attempts).toBe(1);
  });

  it('are told with their number, delay and cause', async () => {
    const { send, events } = make(5);
    await send(inTurn<string>(failed(), failed({ status: 500 }), 'yes'));
    expect(events).toMatchObject([
      { type: 'request.retrying', attempt: 2, delayMs: 500, error: { reason: 'http-503', httpStatus: 503 } },
      { type: 'request.retrying', attempt: 3, delayMs: 1000, error: { httpStatus: 500 } },
    ]);
  });
});

describe('a malformed reply', () => {
  const malformed = () => failed({ kind: 'malformed', status: 200 });

  it('is asked again twice, then final', async () => {
    const { send } = make(10);
    let attempts = 0;
    await expect(
      send(async () => {
        attempts += 1;
        throw malformed();
      }),
    ).rejects.toThrow();
    expect(attempts).toBe(3);
    await expect(send(inTurn<string>(malformed(), malformed(), 'yes'))).resolves.toBe('yes');
  });
});

describe("the server's own word", () => {
  it('decides the delay', async () => {
    const { send, clock } = make(5);
    await send(inTurn<string>(failed({ status: 500, retryAfterMs: 7_777 }), 'yes'));
    expect(clock.sleeps).toEqual([7_777]);
  });

  it.each([429, 503])('%i: no request of the run starts before it', async status => {
    const { send, clock, events } = make(5);
    const startMs = clock.now();
    const starts: number[] = [];
    const first = send(async () => {
      starts.push(clock.now() - startMs);
      if (starts.length === 1) throw failed({ status, retryAfterMs: 5000 });
      return 'yes';
    });
    await setImmediate();
    const others = Array.from({ length: 5 }, () =>
      send(async () => {
        starts.push(clock.now() - startMs);
        return 'yes';
      }),
    );
    await Promise.all([first, ...others]);
    const [earliest, ...later] = starts;
    expect(earliest).toBe(0);
    expect(later).toHaveLength(6);
    expect(Math.min(...later)).toBeGreaterThanOrEqual(5000);
    expect(events.filter(({ type }) => type === 'gate.closed')).toHaveLength(1);
  });

  it('never opens the gate earlier than it was closed for', async () => {
    const { send, clock } = make(5);
    const startMs = clock.now();
    const starts: number[] = [];
    const once = (retryAfterMs: number) => {
      const answer = inTurn<string>(failed({ status: 429, retryAfterMs }), 'yes');
      return send(async () => {
        starts.push(clock.now() - startMs);
        return answer();
      });
    };
    await Promise.all([once(9000), once(100), once(4000)]);
    expect(starts.slice(0, 3)).toEqual([0, 0, 0]);
    expect(Math.min(...starts.slice(3))).toBeGreaterThanOrEqual(9000);
  });

  it('of more than five minutes ends the run', async () => {
    const { send, clock } = make(5);
    const outcome = send(inTurn(failed({ status: 429, retryAfterMs: 300_001 })));
    await expect(outcome).rejects.toMatchObject({ code: 'UNAVAILABLE', reason: 'retry-after-too-long' });
    expect(clock.sleeps).toEqual([]);
    await expect(make(5).send(inTurn<string>(failed({ status: 429, retryAfterMs: 300_000 }), 'yes'))).resolves.toBe(
      'yes',
    );
  });
});

it('stops at once when aborted, with the reason', async () => {
  const { requests } = make(5);
  const controller = new AbortController();
  const send = (attempt: () => Promise<string>) =>
    requests.send({ endpoint: 'part', emit: () => {}, attempt }, controller.signal);
  const sleeping = send(inTurn<string>(failed()));
  const gated = send(inTurn<string>(failed({ status: 429, retryAfterMs: 1000 })));
  controller.abort(new Error('enough'));
  await expect(sleeping).rejects.toThrow('enough');
  await expect(gated).rejects.toThrow('enough');
  await expect(send(async () => 'never asked')).rejects.toThrow('enough');
});

function make(retries: number, random = () => 1) {
  const clock = virtualClock();
  const events: TransferEvent[] = [];
  const requests = createRequests({ retries, clock, random });
  const send = <T>(attempt: () => Promise<T>) =>
    requests.send({ endpoint: 'part', emit: event => void events.push(event), attempt }, never);
  return { requests, send, clock, events };
}
