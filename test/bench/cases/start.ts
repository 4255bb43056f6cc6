import { interleaved, medianOf, ratioOf } from '../measure.ts';
import { commandContender, pushContender } from '../push.ts';
import type { Case } from '../types.ts';

const bare = { NODE_OPTIONS: '' };

/** (d) How long a start takes, against a Node that does nothing. */
export const start: Case = async bench => {
  const sink = await bench.sink();
  const file = await bench.randomFile(1);
  const contenders = [
    commandContender(bench, 'node -e 0', [process.execPath, '-e', '0'], bare),
    commandContender(bench, '--version', [process.execPath, bench.bin, '--version'], bare),
    commandContender(bench, '--help', [process.execPath, bench.bin, '--help'], bare),
    pushContender(bench, 'push of 1 byte', { url: sink.url, files: [file] }, bare),
  ];
  const figures = await interleaved(contenders, bench.rounds * 7, () => {});
  await sink.close();
  return {
    key: 'd',
    title: 'Start-up',
    figures,
    goals: [
      ...['--version', '--help'].map(name => ({
        says: `${name}, as a multiple of node -e 0`,
        value: ratioOf(figures, name, ['node -e 0']),
        limit: 1.25,
      })),
      {
        says: 'push of 1 byte, ms over node -e 0 (three round trips, of next to nothing here)',
        value: medianOf(figures, 'push of 1 byte') - medianOf(figures, 'node -e 0'),
        limit: 150,
      },
    ],
  };
};
