import { interleaved } from '../measure.ts';
import { KEY, pushCommand, shown } from '../push.ts';
import type { Bench, Case, Goal } from '../types.ts';

const GiB = 2 ** 30;

export const LINE = { rate: 20_000_000, delayMs: 50 } as const;

/** (g) A line that gives each connection 20 MB/s and answers after 50 ms. */
export const links: Case = async bench => {
  const sink = await bench.sink(LINE);
  // Long enough for the climb and the last turn to weigh little.
  const bytes = bench.quick ? bench.size : 8 * GiB;
  const file = await bench.sparseFile(bytes);
  const figures = await interleaved(
    ['16', 'auto'].map(parts => sender(bench, sink.url, { path: file, bytes }, parts)),
    Math.min(3, bench.rounds),
    bench.say,
  );
  await sink.close();
  const goals: Goal[] = figures
    .filter(({ name }) => name === '16 at once')
    .map(({ median }) => ({
      says: '16 connections, as a share of 320 MB/s',
      value: median / 320,
      limit: 0.85,
      atLeast: true,
    }));
  return {
    key: 'g',
    title: 'Shaped line: 20 MB/s a connection, 50 ms',
    figures,
    goals,
    notes: [
      'parts of 32 MiB: 8 GiB are 256 of them, so that 16 connections end together',
      'shaped by the sink, not by the kernel: no packet is lost',
    ],
  };
};

type Sent = { readonly path: string; readonly bytes: number };

const sender = (bench: Bench, url: string, { path, bytes }: Sent, parts: string) => {
  const command = pushCommand(bench, { url, files: [path], flags: ['--concurrency', parts, '--part-size', '32MiB'] });
  return {
    name: `${parts} at once`,
    unit: 'MB/s',
    command: shown(command, bench),
    sample: async () => bytes / 1000 / (await bench.run(command, { env: KEY })).wallMs,
  } as const;
};
