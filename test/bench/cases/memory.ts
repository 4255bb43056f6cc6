import { type Contender, interleaved, medianOf } from '../measure.ts';
import { KEY, pushCommand, shown } from '../push.ts';
import type { Bench, Case, Figure } from '../types.ts';

const GiB = 2 ** 30;

/** (c) The most memory that a push ever holds, over part sizes, concurrency and file sizes. The files are sparse. */
export const memory: Case = async bench => {
  const sink = await bench.sink();
  const sizes = bench.quick ? [0.25, 1] : [0.25, 2, 8];
  const contenders = await Promise.all([
    ...[1, 4, 16].map(parts =>
      holder(bench, sink.url, `64 MiB parts, ${parts} at once`, bench.size, [
        '--part-size',
        '64MiB',
        '--concurrency',
        String(parts),
      ]),
    ),
    ...sizes.map(size => holder(bench, sink.url, `${size} GiB`, size * GiB, [])),
    holder(bench, sink.url, '64 MiB parts, 16 at once, without md5', bench.size, [
      '--part-size',
      '64MiB',
      '--concurrency',
      '16',
      '--no-md5',
    ]),
    holder(bench, sink.url, `${sizes.at(-1)} GiB without md5`, (sizes.at(-1) ?? 0) * GiB, ['--no-md5']),
  ]);
  const figures = await interleaved(contenders, Math.min(3, bench.rounds), bench.say);
  await sink.close();
  const growth = medianOf(figures, `${sizes.at(-1)} GiB`) - medianOf(figures, `${sizes[0]} GiB`);
  return {
    key: 'c',
    title: 'Peak resident memory',
    figures,
    goals: [
      { says: 'largest median, MB', value: Math.max(...figures.map(({ median }: Figure) => median)), limit: 130 },
      { says: `growth from ${sizes[0]} to ${sizes.at(-1)} GiB, MB`, value: growth, limit: 5 },
    ],
  };
};

async function holder(
  bench: Bench,
  url: string,
  name: string,
  bytes: number,
  flags: readonly string[],
): Promise<Contender> {
  const command = pushCommand(bench, { url, files: [await bench.sparseFile(bytes)], flags });
  return {
    name,
    unit: 'MB',
    command: shown(command, bench),
    sample: async () => (await bench.run(command, { env: KEY, weighed: true })).peakMb,
  };
}
