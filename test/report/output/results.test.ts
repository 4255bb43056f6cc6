import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PushResult } from '../../../src/core/outcome/result.ts';
import { resultForm } from '../../../src/report/output/result-form.ts';
import { createResultWriter } from '../../../src/report/output/results.ts';
import type { TextStream } from '../../../src/report/output/streams.ts';
import { closedStream, fakeStream } from '../fakes.ts';

const result = (status: PushResult['status'], index: number): PushResult => ({
  status,
  path: `${index}.jsonl`,
  file_id: status === 'failed' ? null : `file-${index}`,
  upload_id: null,
  filename: null,
  purpose: 'batch',
  bytes: null,
  md5: null,
  parts: { total: 0, sent: 0, resumed: 0, changed: 0 },
  bytes_sent: 0,
  bytes_skipped: 0,
  bytes_resent: 0,
  retries: 0,
  duration_ms: 0,
  file: null,
});

const statuses = fc.constantFrom<PushResult['status']>('completed', 'failed', 'interrupted', 'skipped');
/** Results by argument, and an order in which they come. */
const runs = fc
  .array(statuses, { maxLength: 30 })
  .chain(all => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all.keys()], { minLength: all.length })));

describe('results', () => {
  test('are in argument order, whatever the order in which they come', async () => {
    await fc.assert(
      fc.asyncProperty(runs, fc.boolean(), async ([all, order], json) => {
        const { stream, text } = fakeStream();
        const results = createResultWriter(stream, { form: resultForm(json ? 'json' : undefined) });
        await Promise.all(order.map(index => results.put(index, result(all[index] ?? 'failed', index))));
        const lines = text().split('\n').slice(0, -1);
        const atServer = [...all.keys()].filter(index => all[index] === 'completed' || all[index] === 'skipped');
        const shown = lines.map(line => (json ? (JSON.parse(line) as PushResult).path : line));
        expect(shown).toEqual(json ? all.map((_, index) => `${index}.jsonl`) : atServer.map(index => `file-${index}`));
      }),
      { numRuns: 100 },
    );
  });

  test('each is written as soon as all earlier ones are there', async () => {
    const { stream, writes } = fakeStream();
    const results = createResultWriter(stream, { form: resultForm(undefined) });
    void results.put(1, result('completed', 1));
    expect(writes).toHaveLength(0);
    await results.put(0, result('completed', 0));
    expect(writes.map(({ text }) => text)).toEqual(['file-0\n', 'file-1\n']);
  });

  test('put settles only when the stream took it', async () => {
    const taken: (() => void)[] = [];
    const stream = { write: (_text: string, written?: () => void) => taken.push(() => written?.()) > 0 };
    const results = createResultWriter(stream, { form: resultForm(undefined) });
    let settled = false;
    const put = results.put(0, result('completed', 0)).then(() => (settled = true));
    await Promise.resolve();
    expect(settled).toBe(false);
    taken[0]?.();
    await put;
  });

  test.each(['callback', 'event', 'throw'] as const)('a closed stdout (%s) never throws and never hangs', async how => {
    const stream = closedStream(how);
    const results = createResultWriter(stream, { form: resultForm('json') });
    const later = results.put(2, result('completed', 2));
    await results.put(0, result('completed', 0));
    await Promise.all([later, results.put(1, result('failed', 1)), results.put(7, result('completed', 7))]);
    expect(stream.attempts()).toBe(1);
  });

  test('a stdout behind which the disk is full loses results, and says whose', async () => {
    let room = 1;
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    const stream: TextStream = {
      write: (_text, written) => {
        written?.(room-- > 0 ? null : full);
        return true;
      },
    };
    const results = createResultWriter(stream, { form: resultForm(undefined) });
    const puts = (['completed', 'failed', 'completed', 'failed', 'completed'] as const).map((status, index) =>
      results.put(index, result(status, index)),
    );
    const outcomes = await Promise.allSettled(puts);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
    ]);
    expect(outcomes[2]).toMatchObject({ reason: { code: 'UNAVAILABLE', exitCode: 5, reason: 'stdout' } });
  });

  test('a shared screen makes room for each', async () => {
    const { stream, text } = fakeStream({ isTTY: true });
    const order: string[] = [];
    const aside = (write: () => void): void => {
      order.push('room');
      write();
      order.push(text());
    };
    await createResultWriter(stream, { form: resultForm(undefined), aside }).put(0, result('completed', 0));
    expect(order).toEqual(['room', 'file-0\n']);
  });
});
