import { manyFiles } from '../files.ts';
import { type Contender, interleaved, medianOf } from '../measure.ts';
import { KEY, pushCommand, shown } from '../push.ts';
import type { Sink } from '../sinks.ts';
import type { Bench, Case, Figure } from '../types.ts';

/** (f) Many small files in one command, against a loop of single pushes, of which a tenth is run and scaled. */
export const small: Case = async bench => {
  const sink = await bench.sink();
  const count = bench.quick ? 200 : 1000;
  const files = await manyFiles(bench.work, count);
  const connections: number[] = [];
  const figures = await interleaved(
    [together(bench, files, sink, connections), loop(bench, files, sink.url)],
    Math.min(3, bench.rounds),
    bench.say,
  );
  await sink.close();
  const opened: Figure = {
    name: 'connections',
    unit: 'count',
    samples: connections,
    median: Math.max(...connections),
    command: 'GET /stats of the sink',
  };
  const speedup = medianOf(figures, 'loop of single pushes') / medianOf(figures, 'one push');
  return {
    key: 'f',
    title: `${count} files of 10 kB`,
    figures: [...figures, opened],
    goals: [
      { says: 'the loop, as a multiple of one push', value: speedup, limit: 5, atLeast: true },
      { says: 'connections of one push', value: opened.median, limit: 16 },
    ],
    notes: [`of the loop ${count / 10} pushes were run and their time multiplied by 10`],
  };
};

function together(bench: Bench, files: readonly string[], sink: Sink, connections: number[]): Contender {
  const command = pushCommand(bench, { url: sink.url, files });
  return {
    name: 'one push',
    unit: 'ms',
    command: shown(pushCommand(bench, { url: sink.url, files: ['small-*.txt'] }), bench),
    sample: async () => {
      const before = (await sink.stats()).connections;
      const { wallMs, stdout } = await bench.run(command, { env: KEY });
      // One connection of those is the question itself.
      connections.push((await sink.stats()).connections - before - 1);
      const ids = stdout.trim().split('\n').length;
      if (ids !== files.length) throw new Error(`${ids} ids of ${files.length} files`);
      return wallMs;
    },
  };
}

function loop(bench: Bench, files: readonly string[], url: string): Contender {
  const some = files.slice(0, files.length / 10);
  const single = pushCommand(bench, { url, files: ['"$file"'] }).join(' ');
  const command = ['sh', '-ec', `for file; do ${single}; done`, 'loop', ...some];
  return {
    name: 'loop of single pushes',
    unit: 'ms',
    command: shown([`for file in small-*.txt; do ${single}; done`], bench),
    sample: async () => (await bench.run(command, { env: { ...KEY, NODE_OPTIONS: '' } })).wallMs * 10,
  };
}
