import { expect, it } from 'vitest';
import { sandbox } from '../support/cli.ts';
import { KiB, randomFile } from '../support/files.ts';
import { testServer } from '../support/server.ts';

const JUMP = new URL('../support/clock-jump.mjs', import.meta.url).href;

it.skipIf(process.platform === 'win32').each([2, -2])(
  '12.23: a clock that is set by %i hours changes no duration and ends no upload',
  async hours => {
    const faults = [{ endpoint: 'part', part: 3, attempt: 1, do: 'slow', bytesPerSecond: 64 * KiB }] as const;
    const [box, server] = await Promise.all([sandbox(), testServer({ faults })]);
    await randomFile(box.path('f'), 5 * 64 * KiB);
    const args = ['push', 'f', '--purpose', 'assistants', '--part-size', '64KiB', '--concurrency', '1', '--json'];
    const run = box.start([...args, '--progress=json', '-v'], {
      env: { ...server.env, CLOCK_JUMP_HOURS: String(hours) },
      nodeArgs: ['--import', JUMP],
    });
    const beganAtMs = performance.now();
    await run.event('part.finished', 2);
    run.kill('SIGUSR2');
    const { exitCode, results, stderr, events } = await run.ended;
    const tookMs = performance.now() - beganAtMs;
    expect(exitCode, stderr).toBe(0);
    const [result] = results();
    expect(result?.['duration_ms']).toBeGreaterThanOrEqual(0);
    expect(result?.['duration_ms']).toBeLessThan(tookMs);
    expect(events().map(({ type }) => type)).not.toContain('warning');
    expect(events().map(({ type }) => type)).not.toContain('upload.restarted');
    for (const request of events().filter(({ type }) => type === 'request')) {
      expect(request['duration_ms']).toBeGreaterThanOrEqual(0);
      expect(request['duration_ms']).toBeLessThan(tookMs);
    }
    // The jump was really there: an instant, which comes from the wall clock, shows it.
    const [first, last] = [events()[0], events().at(-1)].map(event => Date.parse(event?.['at'] as string));
    expect(Math.round(((last as number) - (first as number)) / 3_600_000)).toBe(hours);
  },
);
