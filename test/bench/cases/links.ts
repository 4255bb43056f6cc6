import { interleaved } from '../measure.ts';
import { KEY, pushCommand, shown } from '../push.ts';
import type { Bench, Case, Goal } from '../types.ts';

export const LINE = { rate: 20_000_000, delayMs: 50 } as const;

/** (g) A line that gives each connection 20 MB/s and answers after 50 ms. */
export const links: Case = async bench => {
  const sink = await bench.sink(LINE);
  const file = await bench.randomFile(bench.size);
  const figures = await interleaved(
    ['4', '16', 'auto'].map(parts => sender(bench, sink.url, file, parts)),
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
      'parts of 16 MiB: 2 GiB are 128 of them, so that 16 connections end together; 100 parts would leave most idle in the last of 7 turns',
      'shaped by the sink, not by the kernel: no packet is lost',
    ],
  };
};

const sender = (bench: Bench, url: string, file: string, parts: string) => {
  const command = pushCommand(bench, { url, files: [file], flags: ['--concurrency', parts, '--part-size', '16MiB'] });
  return {
    name: `${parts} at once`,
    unit: 'MB/s',
    command: shown(command, bench),
    sample: async () => bench.size / 1000 / (await bench.run(command, { env: KEY })).wallMs,
  } as const;
};
