import { type Contender, interleaved, ratioOf } from '../measure.ts';
import { commandContender, cpuContender, curlCommand, KEY, pushCommand, pushContender } from '../push.ts';
import type { Bench, Case, Goal } from '../types.ts';

/** (a) A push of the large file against the two ceilings: one core at md5, and the wire. */
export const wall: Case = async bench => {
  const sink = await bench.sink();
  const file = await bench.randomFile(bench.size);
  const contenders: readonly Contender[] = [
    ...(await ceilings(bench, file, sink.url)),
    pushContender(bench, 'push', { url: sink.url, files: [file] }),
    pushContender(bench, 'push --no-md5', { url: sink.url, files: [file], flags: ['--no-md5'] }),
    cpuContender(bench, 'md5sum', ['md5sum', file]),
    cpuContender(bench, 'push', pushCommand(bench, { url: sink.url, files: [file] }), KEY),
  ];
  const figures = await interleaved(contenders, bench.rounds, bench.say);
  await sink.close();
  const goals: Goal[] = [
    {
      says: 'push, as a multiple of the larger of md5sum and curl',
      value: ratioOf(figures, 'push', ['md5sum', 'curl']),
      limit: 1.2,
    },
    { says: 'push --no-md5, as a multiple of curl', value: ratioOf(figures, 'push --no-md5', ['curl']), limit: 1.5 },
    {
      says: 'CPU time of push, as a multiple of that of md5sum',
      value: ratioOf(figures, 'push, CPU', ['md5sum, CPU']),
      limit: 2,
    },
  ];
  return { key: 'a', title: `Wall time of one large file (${sink.kind})`, figures, goals };
};

const ceilings = async (bench: Bench, file: string, url: string): Promise<readonly Contender[]> => [
  commandContender(bench, 'md5sum', ['md5sum', file]),
  ...(bench.hasCurl ? [commandContender(bench, 'curl', curlCommand(url, file))] : []),
];
