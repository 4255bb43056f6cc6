import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Contender, interleaved, medianOf, ratioOf } from '../measure.ts';
import { commandContender, KEY, shown } from '../push.ts';
import type { Bench, Case } from '../types.ts';

const MiB = 2 ** 20;
const LINE = 100_000_000;

/** (j) The check of chat lines of 1 to 4 kB against JSON.parse, and beside a transfer at 100 MB/s. */
export const check: Case = async bench => {
  const bytes = bench.quick ? 64 * MiB : 512 * MiB;
  const file = await chatFile(bench, bytes);
  const many = await batchOf(bench, 100_000);
  const sink = await bench.sink({ rate: LINE });
  const push = (name: string, flags: readonly string[]): Contender =>
    commandContender(bench, name, pushOf(bench, file, sink.url, flags), KEY);
  const figures = await interleaved(
    [
      commandContender(bench, 'JSON.parse', [process.execPath, join(bench.here, 'parse.mjs'), file]),
      commandContender(bench, 'check', checkOf(bench, file, 'fine-tune')),
      push('push --no-check', ['--no-check']),
      push('push', []),
      peakOf(bench, 'check', checkOf(bench, file, 'fine-tune')),
      // Azure takes 100,000 requests: as many ids must be kept.
      peakOf(bench, 'check of 100,000 ids', [...checkOf(bench, many, 'batch'), '--service', 'azure']),
    ],
    bench.rounds,
    bench.say,
  );
  await sink.close();
  return {
    key: 'j',
    title: `The check: ${bytes / MiB} MiB of chat lines of 1 to 4 kB`,
    figures,
    goals: [
      { says: 'check, MB/s', value: bytes / 1000 / medianOf(figures, 'check'), limit: 250, atLeast: true },
      { says: 'check, as a multiple of JSON.parse', value: ratioOf(figures, 'check', ['JSON.parse']), limit: 1.3 },
      {
        says: 'push at 100 MB/s, as a multiple of one that does not check',
        value: ratioOf(figures, 'push', ['push --no-check']),
        limit: 1.1,
      },
      {
        says: 'most memory of a check, MB',
        value: Math.max(medianOf(figures, 'check, memory'), medianOf(figures, 'check of 100,000 ids, memory')),
        limit: 150,
      },
    ],
  };
};

const checkOf = ({ bin }: Bench, file: string, purpose: string): readonly string[] => [
  ...[process.execPath, bin, 'check', file, '--purpose', purpose, '--quiet'],
];

const pushOf = ({ bin }: Bench, file: string, url: string, flags: readonly string[]): readonly string[] => [
  ...[process.execPath, bin, 'push', file, '--purpose', 'fine-tune'],
  ...['--base-url', url, '--concurrency', '1', '--progress', 'none', ...flags],
];

const peakOf = (bench: Bench, name: string, command: readonly string[]): Contender => ({
  name: `${name}, memory`,
  unit: 'MB',
  command: shown(command, bench),
  sample: async () => (await bench.run(command, { weighed: true })).peakMb,
});

/** Examples of 1 to 4 kB, the same thousand again and again. */
async function chatFile({ work }: Bench, bytes: number): Promise<string> {
  const lines = Array.from({ length: 1000 }, (_, at) => {
    const messages = [
      { role: 'user', content: `${at}: ${'why is this so? '.repeat(30 + ((at * 37) % 180))}` },
      { role: 'assistant', content: 'Because it is "so".\n'.repeat(25) },
    ];
    return `${JSON.stringify({ messages })}\n`;
  });
  return written(join(work, 'chat.jsonl'), Buffer.from(lines.join('')), bytes);
}

async function batchOf({ work }: Bench, count: number): Promise<string> {
  const body = { model: 'm', input: 'Why? '.repeat(200) };
  const line = (at: number): string =>
    `${JSON.stringify({ custom_id: `request-of-the-run-${at}`, method: 'POST', url: '/v1/responses', body })}\n`;
  const text = Buffer.from(Array.from({ length: count }, (_, at) => line(at)).join(''));
  return written(join(work, 'batch.jsonl'), text, text.length);
}

async function written(path: string, block: Buffer, bytes: number): Promise<string> {
  await using file = await open(path, 'w');
  for (let done = 0; done < bytes; done += block.length) await file.write(block);
  await file.sync();
  return path;
}
