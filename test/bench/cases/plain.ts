import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { manyFiles } from '../files.ts';
import { interleaved, medianOf, ratioOf } from '../measure.ts';
import { commandContender, cpuContender, KEY, pushCommand, pushContender } from '../push.ts';
import type { Bench, Case } from '../types.ts';

/** (i) Many small files against a program that makes the same requests and promises nothing, to the same `serve`. */
export const plain: Case = async bench => {
  const files = await manyFiles(bench.work, bench.quick ? 200 : 1000);
  await using server = await served(bench);
  const options = { url: server.url, files };
  const program = [process.execPath, join(bench.here, 'plain.mjs'), server.url, '16', ...files];
  const figures = await interleaved(
    [
      commandContender(bench, 'plain program', program, KEY),
      pushContender(bench, 'push', options),
      cpuContender(bench, 'push', pushCommand(bench, options), KEY),
    ],
    Math.min(5, bench.rounds),
    bench.say,
  );
  const short = (text: string): string => text.replace(/( small-\d+\.txt)+/, ' small-*.txt');
  return {
    key: 'i',
    title: `${files.length} files of 10 kB, against plain node:http`,
    figures: figures.map(figure => ({ ...figure, command: short(figure.command) })),
    goals: [
      {
        says: 'push, as a multiple of the plain program',
        value: ratioOf(figures, 'push', ['plain program']),
        limit: 1.4,
      },
      { says: 'CPU of push, ms a file', value: medianOf(figures, 'push, CPU') / files.length, limit: 5 },
    ],
    notes: ['the plain program keeps no journal, makes no md5, checks no reply and tries nothing again'],
  };
};

async function served({ bin, work }: Bench): Promise<AsyncDisposable & { readonly url: string }> {
  const child = spawn(process.execPath, [bin, 'serve', '--dir', join(work, 'served')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return {
    url: line.trim(),
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await once(child, 'close');
    },
  };
}
