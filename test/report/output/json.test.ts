import { describe, expect, test } from 'vitest';
import { thisMany } from '../../../src/commands/context/open-reporter.ts';
import { UploadError } from '../../../src/core/errors/errors.ts';
import { createReporter } from '../../../src/report/output/reporter.ts';
import { planned, retrying, sent, started } from '../events.ts';
import { fakeStream, virtualTime } from '../fakes.ts';

const at = '2026-01-02T03:04:05.000Z';

const json = async () => {
  const time = virtualTime();
  const fake = fakeStream({ isTTY: true });
  const { now, every } = time;
  const looks = { color: true, unicode: true, dumb: false };
  const reporter = await createReporter({
    mode: 'json',
    quiet: true,
    stream: fake.stream,
    ...looks,
    expected: thisMany(1),
    now,
    every,
  });
  return {
    ...time,
    reporter,
    objects: () => fake.writes.map(({ text }) => JSON.parse(text) as Record<string, unknown>),
    text: fake.text,
  };
};

describe('--progress=json', () => {
  test('an event is flattened behind type, at and path; --quiet does not silence it', async () => {
    const { reporter, objects } = await json();
    reporter.event('a', planned);
    reporter.event('a', retrying(3));
    reporter.notice('hello');
    expect(objects()).toEqual([
      { type: 'upload.planned', at, path: 'a', bytes: 83886080, parts: 10, part_size: 8388608 },
      {
        type: 'part.retrying',
        at,
        path: 'a',
        part: 3,
        attempt: 2,
        sent: 4194304,
        delay_ms: 1234,
        error: {
          reason: 'http-503',
          message: 'part: the server answered 503: overloaded',
          http_status: 503,
          request_id: 'req_1',
        },
      },
      { type: 'note', at, path: null, reason: 'notice', message: 'hello' },
    ]);
  });

  test('a failure is an event too', async () => {
    const { reporter, objects } = await json();
    const details = { reason: 'http-503', httpStatus: 503, requestId: 'req_1' } as const;
    reporter.failed('a', new UploadError('UNAVAILABLE', 'overloaded', details));
    expect(objects()).toEqual([
      {
        type: 'error',
        at,
        path: 'a',
        code: 'UNAVAILABLE',
        reason: 'http-503',
        message: 'overloaded',
        hint: null,
        exit_code: 5,
        http_status: 503,
        request_id: 'req_1',
      },
    ]);
  });

  test('progress is told at most ten times a second for each path, everything else always', async () => {
    const { reporter, pass, objects } = await json();
    for (let tick = 0; tick < 1000; tick += 1) {
      reporter.event('a', sent(1, tick));
      reporter.event('b', sent(1, tick));
      reporter.event('a', started(tick));
      pass(1);
    }
    const count = (type: string, path: string) =>
      objects().filter(object => object['type'] === type && object['path'] === path).length;
    expect([count('part.progress', 'a'), count('part.progress', 'b'), count('part.started', 'a')]).toEqual([
      10, 10, 1000,
    ]);
  });

  test('no byte of a line can move a cursor', async () => {
    const { reporter, text } = await json();
    reporter.event('a\u009b2J\u001b[2J\n', planned);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(text().slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect((JSON.parse(text()) as { path: string }).path).toBe('a\u009b2J\u001b[2J\n');
  });
});
