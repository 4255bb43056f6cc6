import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Contender, interleaved, medianOf } from '../measure.ts';
import { commandContender, KEY, pushContender, shown } from '../push.ts';
import type { Bench, Case, Figure } from '../types.ts';

const PART = 22 * 2 ** 20;

/** (b) Against the openai package for Node, and against split and curl. */
export const rivals: Case = async bench => {
  const sink = await bench.sink();
  const file = await bench.randomFile(bench.size);
  const peaks = new Map<string, number>();
  const contenders = [
    pushContender(bench, 'push', { url: sink.url, files: [file] }),
    pushContender(bench, 'push --no-md5', { url: sink.url, files: [file], flags: ['--no-md5'] }),
    ...[1, 4].map(parts => sdk(bench, file, sink.url, parts, peaks)),
    ...(bench.hasCurl ? [splitAndCurl(bench, file, sink.url)] : []),
  ];
  const figures = await interleaved(contenders, bench.rounds, bench.say);
  await sink.close();
  const best = Math.min(...figures.filter(isSdk).map(({ median }) => median));
  return {
    key: 'b',
    title: 'Against other ways',
    figures,
    goals: [
      {
        says: 'the openai package at its best, as a multiple of push',
        value: best / medianOf(figures, 'push'),
        limit: 2.5,
        atLeast: true,
      },
    ],
    notes: [
      ...[...peaks].map(([name, peak]) => `${name} held up to ${Math.round(peak)} MB`),
      'only push without --no-md5 makes an md5; split and curl cannot resume, retry or verify',
    ],
  };
};

const isSdk = ({ name }: Figure): boolean => name.startsWith('openai');

const sdk = (bench: Bench, file: string, url: string, parts: number, peaks: Map<string, number>): Contender => {
  const name = `openai package, ${parts} at once`;
  const command = [process.execPath, join(bench.here, 'sdk.mjs'), file, String(parts), String(PART), 'buffer'];
  return {
    ...commandContender(bench, name, command),
    sample: async () => {
      const { wallMs, peakMb } = await bench.run(command, { env: { ...KEY, OPENAI_BASE_URL: url } });
      peaks.set(name, Math.max(peaks.get(name) ?? 0, peakMb));
      return wallMs;
    },
  };
};

function splitAndCurl(bench: Bench, file: string, url: string): Contender {
  const folder = join(bench.work, 'split');
  const script = `mkdir -p ${folder} && split -b ${PART} ${file} ${folder}/part- &&
for part in ${folder}/part-*; do printf 'next\\nurl = %s\\nform = data=@%s\\noutput = /dev/null\\n' ${url}/uploads/upload_1x1/parts $part; done |
sed 1d | curl -sS --parallel --parallel-max 4 -K -`;
  const command = ['bash', '-euo', 'pipefail', '-c', script];
  return {
    ...commandContender(bench, 'split + curl --parallel', command),
    command: shown([script.replaceAll(/\s+/g, ' ')], bench),
    sample: async () => {
      const { wallMs } = await bench.run(command);
      await rm(folder, { recursive: true });
      return wallMs;
    },
  };
}
