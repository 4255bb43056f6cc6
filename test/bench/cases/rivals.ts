import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Contender, interleaved, medianOf } from '../measure.ts';
import { commandContender, KEY, pushContender, shown } from '../push.ts';
import type { Bench, Case } from '../types.ts';

/** As large as push makes them for a file of this size, and as large as the API takes them: the package is told. */
const PART_MIB = [22, 64] as const;
const SPLIT_BYTES = PART_MIB[0] * 2 ** 20;

/** (b) Against the openai package for Node, and against split and curl. */
export const rivals: Case = async bench => {
  const sink = await bench.sink();
  const file = await bench.randomFile(bench.size);
  const peaks = new Map<string, number>();
  const contenders = [
    pushContender(bench, 'push', { url: sink.url, files: [file] }),
    pushContender(bench, 'push --no-md5', { url: sink.url, files: [file], flags: ['--no-md5'] }),
    ...PART_MIB.flatMap(mib => [1, 4].map(parts => sdk(bench, file, sink.url, { parts, mib }, peaks))),
    ...(bench.hasCurl ? [splitAndCurl(bench, file, sink.url)] : []),
  ];
  const figures = await interleaved(contenders, bench.rounds, bench.say);
  await sink.close();
  const best = Math.min(...figures.filter(({ name }) => name.startsWith(SDK)).map(({ median }) => median));
  return {
    key: 'b',
    title: 'Against other ways',
    figures,
    goals: ['push', 'push --no-md5'].map(name => ({
      says: `the openai package at its best, as a multiple of ${name}`,
      value: best / medianOf(figures, name),
      limit: 2.5,
      atLeast: true,
    })),
    notes: [
      ...[...peaks].map(([name, peak]) => `${name} held up to ${Math.round(peak)} MB`),
      'only push without --no-md5 makes an md5, which alone takes as long as md5sum; split and curl cannot resume or retry',
    ],
  };
};

const SDK = 'openai package';

type SdkParts = { readonly parts: number; readonly mib: number };

const sdk = (
  bench: Bench,
  file: string,
  url: string,
  { parts, mib }: SdkParts,
  peaks: Map<string, number>,
): Contender => {
  const name = `${SDK}, ${mib} MiB parts, ${parts} at once`;
  const command = [process.execPath, join(bench.here, 'sdk.mjs'), file, String(parts), String(mib * 2 ** 20), 'buffer'];
  return {
    ...commandContender(bench, name, command),
    sample: async () => {
      const { wallMs, peakMb } = await bench.run(command, { env: { ...KEY, OPENAI_BASE_URL: url }, weighed: true });
      peaks.set(name, Math.max(peaks.get(name) ?? 0, peakMb));
      return wallMs;
    },
  };
};

function splitAndCurl(bench: Bench, file: string, url: string): Contender {
  const folder = join(bench.work, 'split');
  const script = `mkdir -p ${folder} && split -b ${SPLIT_BYTES} ${file} ${folder}/part- &&
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
