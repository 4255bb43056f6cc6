import { describe, expect, test } from 'vitest';
import {
  completed,
  completing,
  created,
  creating,
  finished,
  MiB,
  moving,
  planned,
  resumed,
  sent,
  started,
} from '../events.ts';
import { widest } from '../fakes.ts';
import { shown } from '../shown.ts';

describe('one file on a terminal', () => {
  test.each([
    [40, ['█░░░░░░░ data.jsonl  20%      17 s left', '  16/80 MiB · 3.9 MiB/s · 1 in flight']],
    [
      80,
      ['███░░░░░░░░░░░░░░░ data.jsonl  20%         16/80 MiB   3.9 MiB/s      17 s left', '  1 in flight · 1 retry'],
    ],
  ])('%i columns', async (columns, rows) => {
    const { show, pass, screen } = await shown({}, { columns: columns });
    const error = { reason: 'timeout', message: 'create: the connection timed out' } as const;
    show('data.jsonl', [
      planned,
      { type: 'request.retrying', endpoint: 'create', attempt: 2, delayMs: 1, error },
      ...moving,
    ]);
    pass(3900);
    show('data.jsonl', [finished(1), sent(2, 8 * MiB)]);
    expect(screen().lines.slice(-2)).toEqual(rows);
    expect(screen().cursor).toBe(false);
  });

  test.each([24, 40, 80, 200])('no row is wider than %i columns, nor the lines drawn over', async columns => {
    const path = 'a/very/long/folder/with-日本語-and-a-very-long-name-that-is-cut-somewhere.jsonl';
    const { show, now, pass, reporter, text } = await shown({ files: 2, color: true }, { columns: columns });
    show('b.jsonl', [planned, creating]);
    show(path, moving);
    show(path, [{ type: 'gate.closed', untilMs: now() + 9000, delayMs: 9000 }]);
    for (let tick = 1; tick < 80; tick += 1) {
      reporter.event(path, sent(1, tick * 100_000));
      pass(100);
    }
    show(path, [completing]);
    expect(widest(text())).toBeLessThan(columns);
    reporter.close();
  });

  test('says what it waits for', async () => {
    const { show, pass, screen, now } = await shown({}, { columns: 80 });
    const last = () => screen().lines.at(-1)?.replace(/^\S /, '');
    show('data.jsonl', [planned, creating]);
    expect(last()).toBe('data.jsonl: creating the upload');
    show('data.jsonl', [resumed(9), started(10), { type: 'gate.closed', untilMs: now() + 12_000, delayMs: 12_000 }]);
    expect(last()).toBe('  waiting 12 s, as the server asked · 1 in flight');
    show('data.jsonl', [finished(10), { type: 'digest.progress', hashed: 40 * MiB }]);
    expect(last()).toBe('data.jsonl: hashing, 50% of 80 MiB');
    show('data.jsonl', [completing]);
    pass(20_000);
    expect(last()).toBe('data.jsonl: server is completing, 20 s');
  });

  test('says what it waits for where stdin still arrives', async () => {
    const { show, screen } = await shown({}, { columns: 80 });
    const last = () => screen().lines.at(-1)?.replace(/^\S /, '');
    const received = (bytes: number) => ({ type: 'stdin.progress', received: bytes }) as const;
    show('-', [planned, received(4 * MiB)]);
    expect(last()).toBe('-: reading stdin, 4 MiB');
    show('-', [received(9 * MiB), creating, created, started(1), received(10 * MiB)]);
    expect(last()).toMatch(/1 in flight/);
    show('-', [finished(1)]);
    expect(last()).toBe('-: waiting for stdin, 10/80 MiB');
    show('-', [{ type: 'upload.restarted', because: 'upload expired' }]);
    expect(last()).toBe('-: reading stdin, 10 MiB');
  });

  test('ends with a summary, the rows gone and the cursor back', async () => {
    const listeners = process.eventNames().map(name => process.listenerCount(name));
    const { show, reporter, screen, timers, writes } = await shown({}, { columns: 80 });
    show('data.jsonl', moving);
    show('data.jsonl', [...Array.from({ length: 10 }, (_, index) => finished(index + 1)), completing, completed]);
    reporter.close();
    expect(screen()).toEqual({ lines: ['✓ data.jsonl → file-abc  80 MiB in 100 ms (800 MiB/s)', ''], cursor: true });
    expect(timers()).toBe(0);
    expect(process.eventNames().map(name => process.listenerCount(name))).toEqual(listeners);
    const count = writes.length;
    reporter.close();
    expect(writes).toHaveLength(count);
  });

  test('the end of the process brings the cursor back and loses no line', async () => {
    const before = process.listeners('exit');
    const { show, reporter, screen } = await shown({}, { columns: 80 });
    show('data.jsonl', moving);
    reporter.notice('last words');
    for (const listener of process.listeners('exit')) if (!before.includes(listener)) listener.call(process, 0);
    expect(screen()).toEqual({ lines: ['last words', ''], cursor: true });
  });

  test('is drawn at most ten times a second, and once where only the time of standing still changes', async () => {
    const { show, pass, reporter, writes } = await shown({}, { columns: 80 });
    show('data.jsonl', moving);
    const from = writes.length;
    for (let ms = 0; ms < 2000; ms += 1) {
      reporter.event('data.jsonl', sent(1, ms * 4000));
      pass(1);
    }
    expect(writes.length - from).toBeLessThanOrEqual(20);
    pass(60_000);
    const settled = writes.length;
    pass(60_000);
    expect(writes.length - settled).toBeLessThanOrEqual(60);
  });
});
