import { listOf, manyFiles, manyNames } from '../files.ts';
import { type Contender, interleaved, medianOf } from '../measure.ts';
import { KEY, type PushOptions, pushCommand, shown } from '../push.ts';
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
  const many = bench.quick ? 500 : 5000;
  const parts = bench.quick ? 1000 : 10_000;
  const paths = bench.quick ? 10_000 : 100_000;
  contenders.push(
    weighed(bench, `${many} files of 10 kB`, {
      url: sink.url,
      files: ['--files-from', await listOf(bench, await manyFiles(bench.work, many))],
    }),
    await holder(bench, sink.url, `${parts} parts`, parts * 10_000, ['--part-size', '10kB', '--concurrency', '16']),
    weighed(bench, `${paths} paths in --files-from, --dry-run`, {
      url: sink.url,
      files: ['--files-from', await listOf(bench, await manyNames(bench.work, paths))],
      flags: ['--dry-run'],
    }),
  );
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
  return weighed(bench, name, { url, files: [await bench.sparseFile(bytes)], flags });
}

function weighed(bench: Bench, name: string, options: PushOptions): Contender {
  const command = pushCommand(bench, options);
  return {
    name,
    unit: 'MB',
    command: shown(command, bench),
    sample: async () => (await bench.run(command, { env: KEY, weighed: true })).peakMb,
  };
}
