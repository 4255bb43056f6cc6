import { describe, expect, test } from 'vitest';
import { UploadError } from '../../../src/core/errors/errors.ts';
import {
  completed,
  completing,
  created,
  creating,
  finished,
  MiB,
  planned,
  resumed,
  retrying,
  sent,
  started,
} from '../events.ts';
import { closedStream } from '../fakes.ts';
import { shown } from '../shown.ts';

const failure = new UploadError('AUTH', 'no such key', { reason: 'http-401', hint: 'check the key' });

describe('without a terminal', () => {
  test('a push is told from its start to its end', async () => {
    const { reporter, pass, text } = await shown();
    for (const event of [planned, creating, resumed(3), started(4), started(5)]) reporter.event('data.jsonl', event);
    pass(2000);
    reporter.event('data.jsonl', sent(4, 8 * MiB));
    pass(8000);
    reporter.event('data.jsonl', retrying(5));
    reporter.event('data.jsonl', { type: 'gate.closed', untilMs: 0, delayMs: 0 });
    for (let part = 4; part <= 10; part += 1) reporter.event('data.jsonl', finished(part));
    reporter.event('data.jsonl', { type: 'digest.progress', hashed: 40 * MiB });
    pass(10_000);
    reporter.event('data.jsonl', completing);
    pass(10_000);
    reporter.event('data.jsonl', completed);
    pass(60_000);
    reporter.close();
    expect(text()).toBe(
      [
        '  data.jsonl: 80 MiB in 10 parts',
        '  data.jsonl: resuming: 3 of 10 parts are already there',
        '  data.jsonl: 40%, 32/80 MiB, 819 KiB/s, 2 in flight, waiting for the server, 8 s',
        '  data.jsonl: part 5: attempt 2 in 1.2 s: part: the server answered 503: overloaded (req_1)',
        '  data.jsonl: hashing, 50% of 80 MiB',
        '  data.jsonl: server is completing, 10 s',
        '✓ data.jsonl → file-abc  80 MiB in 30 s (1.87 MiB/s), 3 parts resumed, 1 retry',
        '',
      ].join('\n'),
    );
  });

  test('60 s of a shaped push: no \\r, no escape, one progress line in 10 s, never silent for 15 s', async () => {
    const { reporter, now, pass, writes, text } = await shown({
      color: true,
      files: 2,
    });
    for (const path of ['data.jsonl', 'b\u001b[2J\r.jsonl'])
      for (const event of [planned, creating, created, started(1)]) reporter.event(path, event);
    for (let tick = 1; tick <= 600; tick += 1) {
      pass(100);
      reporter.event('data.jsonl', sent(1, tick * 1000));
      reporter.event('b\u001b[2J\r.jsonl', sent(1, tick * 1000));
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(text()).not.toMatch(/[\r\u001b]/);
    const times = writes.filter(({ text }) => text.includes('%')).map(({ atMs }) => atMs);
    expect(times).toHaveLength(6);
    const gaps = [...writes.map(({ atMs }) => atMs), now()].map((atMs, index, all) => atMs - (all[index - 1] ?? atMs));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(15_000);
    expect(writes.at(-1)?.text).toMatch(/^0 of 2 files done: 0%, /);
  });

  test('a flood of retries is a line a second, with the count of the others', async () => {
    const { reporter, pass, writes } = await shown();
    for (let count = 0; count < 50; count += 1) {
      reporter.event('data.jsonl', retrying(count));
      pass(100);
    }
    expect(writes).toHaveLength(5);
    expect(writes.at(-1)?.text).toMatch(/\(and 9 more like it\)\n$/);
  });

  test('a gate that many requests meet is told once, and again when it is closed for longer', async () => {
    const { reporter, now, text } = await shown();
    for (const delayMs of [12_000, 12_010, 12_020, 30_000])
      reporter.event('data.jsonl', { type: 'gate.closed', untilMs: now() + delayMs, delayMs });
    expect(text()).toBe(
      '  data.jsonl: waiting 12 s, as the server asked\n  data.jsonl: waiting 30 s, as the server asked\n',
    );
  });

  test('what waits before anything is sent says what for, and what need not be sent says so', async () => {
    const { reporter, pass, text } = await shown();
    reporter.event('data.jsonl', { type: 'note', reason: 'lock-wait', message: 'waiting: pid 7 is uploading it' });
    pass(10_000);
    reporter.event('data.jsonl', planned);
    pass(10_000);
    reporter.event('data.jsonl', { type: 'digest.progress', hashed: 40 * 2 ** 20 });
    pass(10_000);
    reporter.event('data.jsonl', { type: 'upload.skipped', fileId: 'file-abc' });
    pass(10_000);
    expect(text()).toBe(`  data.jsonl: note: waiting: pid 7 is uploading it
  data.jsonl: waiting for another run of this file, 10 s
  data.jsonl: 80 MiB in 10 parts
  data.jsonl: starting, 10 s
  data.jsonl: hashing, 50% of 80 MiB
✓ data.jsonl → file-abc  80 MiB, uploaded before: nothing was sent
`);
  });

  test('changes of mind are explained', async () => {
    const { reporter, text } = await shown();
    reporter.event('data.jsonl', { type: 'upload.restarted', because: 'upload expired' });
    reporter.event('data.jsonl', { type: 'part.changed', part: 3, size: 8 });
    reporter.event('data.jsonl', { type: 'warning', reason: 'slow', message: 'too\nslow', hint: 'a faster line' });
    reporter.event('data.jsonl', { type: 'note', reason: 'part-size-kept', message: 'it keeps its part size' });
    reporter.notice('talking to api.openai.com');
    expect(text()).toBe(`  data.jsonl: starting over: the upload expired
  data.jsonl: part 3 changed in the file: it is sent again
  data.jsonl: warning: too slow
hint: a faster line
  data.jsonl: note: it keeps its part size
talking to api.openai.com
`);
  });

  test.each([
    [{ quiet: true }, 'oai-upload: data.jsonl: no such key\n'],
    [{ mode: 'none' }, '  data.jsonl: warning: hm\noai-upload: data.jsonl: no such key\nhint: check the key\n'],
  ] as const)('%o shows no progress, but errors', async (options, told) => {
    const { reporter, pass, text, timers } = await shown(options);
    for (const event of [planned, created, started(1), retrying(1)]) reporter.event('data.jsonl', event);
    pass(30_000);
    reporter.event('data.jsonl', { type: 'warning', reason: 'hm', message: 'hm' });
    reporter.failed('data.jsonl', failure);
    expect(text()).toBe(told);
    expect(timers()).toBe(0);
  });

  test('one interruption is told once, however many files it meets', async () => {
    const { reporter, text } = await shown({ files: 2 });
    for (const path of ['a', 'b'])
      reporter.failed(path, new UploadError('INTERRUPTED', 'interrupted by SIGINT', { reason: 'sigint' }));
    expect(text()).toBe('oai-upload: a: interrupted by SIGINT\nhint: run the same command again\n');
  });

  test.each(['callback', 'event', 'throw'] as const)('a closed stderr (%s) never throws', async how => {
    const stream = closedStream(how);
    const { reporter, pass } = await shown({ stream });
    for (const event of [planned, created, started(1)]) reporter.event('data.jsonl', event);
    await Promise.resolve();
    pass(30_000);
    reporter.failed('data.jsonl', failure);
    reporter.close();
    expect(stream.attempts()).toBe(1);
  });
});
