import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LINE } from './cases/links.ts';
import { pictureOf } from './picture.ts';
import { KEY, pushCommand } from './push.ts';
import type { SinkOptions } from './sinks.ts';
import type { Bench } from './types.ts';

type Timeline = {
  readonly key: string;
  readonly file: string;
  readonly sink: SinkOptions;
  readonly flags: readonly string[];
};

const timelines: readonly Timeline[] = [
  { key: 'a', file: 'timeline.svg', sink: {}, flags: [] },
  { key: 'g', file: 'timeline-shaped.svg', sink: LINE, flags: ['--concurrency', '16'] },
];

/** A picture of one traced push for each of these cases. */
export async function drawTimelines(bench: Bench, only: readonly string[]): Promise<void> {
  const folder = join(bench.here, 'results');
  await mkdir(folder, { recursive: true });
  for (const { key, file, sink, flags } of timelines) {
    if (!only.includes(key)) continue;
    const { url, close } = await bench.sink(sink);
    const trace = join(bench.work, 'trace.json');
    const all = [...flags, '--trace', trace];
    await bench.run(pushCommand(bench, { url, files: [await bench.randomFile(bench.size)], flags: all }), { env: KEY });
    await close();
    const title = `(${key}) push of ${bench.size / 2 ** 20} MiB ${flags.join(' ')} --trace: MB/s, and parts by connection`;
    await writeFile(join(folder, file), pictureOf(await readFile(trace, 'utf8'), title));
  }
}
