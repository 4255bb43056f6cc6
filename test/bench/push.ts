import { join } from 'node:path';
import type { Contender } from './measure.ts';
import type { Bench } from './types.ts';

export type PushOptions = {
  readonly url: string;
  readonly files: readonly string[];
  readonly flags?: readonly string[];
};

/** Our own command line. */
export const pushCommand = ({ bin }: Bench, { url, files, flags = [] }: PushOptions): readonly string[] => [
  process.execPath,
  bin,
  'push',
  ...files,
  '--purpose',
  'user_data',
  '--base-url',
  url,
  '--progress',
  'none',
  ...flags,
];

export const KEY = { OPENAI_API_KEY: 'sk-bench' };

/** The wall time of a push of one file. */
export const pushContender = (bench: Bench, name: string, options: PushOptions, env = {}): Contender => ({
  name,
  unit: 'ms',
  command: shown(pushCommand(bench, options), bench),
  sample: async () => (await bench.run(pushCommand(bench, options), { env: { ...KEY, ...env } })).wallMs,
});

/** The CPU time of any command. */
export const cpuContender = (
  bench: Bench,
  name: string,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Contender => ({
  name: `${name}, CPU`,
  unit: 'ms',
  command: shown(command, bench),
  sample: async () => (await bench.run(command, { env, timed: true })).cpuMs,
});

/** Any command's wall time. */
export const commandContender = (
  bench: Bench,
  name: string,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Contender => ({
  name,
  unit: 'ms',
  command: shown(command, bench),
  sample: async () => (await bench.run(command, { env })).wallMs,
});

/** One POST of the whole file, the cheapest that curl can do. */
export const curlCommand = (url: string, file: string, ...flags: readonly string[]): readonly string[] => [
  'curl',
  '-sS',
  '-o',
  '/dev/null',
  '-X',
  'POST',
  '-T',
  file,
  '-H',
  'Expect:',
  ...flags,
  `${url}/uploads/upload_1x1/parts`,
];

/** A command as a reader can type it: without this machine's folders. */
export const shown = (command: readonly string[], { bin, work, here }: Bench): string =>
  command
    .map(word => (word === process.execPath ? 'node' : word))
    .join(' ')
    .replaceAll(bin, 'bin/oai-upload.js')
    .replaceAll(`${here}/`, 'test/bench/')
    .replaceAll(`${join(here, '../..')}/`, '')
    .replaceAll(`${work}/`, '')
    .replace(/https?:\/\/127\.0\.0\.1:\d+/g, '$SINK');
