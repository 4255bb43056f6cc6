import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Contender, interleaved, ratioOf } from '../measure.ts';
import { installed, nodesFor, type OtherNode } from '../nodes.ts';
import { KEY } from '../push.ts';
import type { Bench, Case, Goal } from '../types.ts';

/** What is started, and how many times the CPU of a Node that does nothing it may take. */
const STARTS: readonly (readonly [args: string, limit: number])[] = [
  ['--version', 1.4],
  ['--help', 1.4],
  ['list', 2],
  ['show upload_none', 2],
  ['completion bash', 2],
  ['push one --purpose assistants', 4],
  ['push one --purpose assistants --local --local-dir kept', 5],
];
const LEAST_ROUNDS = 20;

/** (k) The second start of the installed package, on each Node: CPU time, which others at work on the machine change least. */
export const nodes: Case = async bench => {
  const bin = await installed(bench);
  const server = await served(bin, bench);
  const found = await nodesFor(bench);
  const one = await bench.randomFile(1);
  const rounds = bench.quick ? 3 : Math.max(LEAST_ROUNDS, bench.rounds);
  const results = [];
  for (const node of found) {
    bench.say(`  ${node.name}`);
    const contenders = contendersOf(node, { bin, one, url: server.url }, bench);
    // The first start fills the cache of compiled code.
    for (const contender of contenders) await contender.sample();
    const figures = await interleaved(contenders, rounds, () => {});
    results.push({ figures, goals: STARTS.map(start => goalOf(start, node, figures)) });
  }
  server.stop();
  return {
    key: 'k',
    title: 'Start-up of the packed tarball, on each Node',
    figures: results.flatMap(({ figures }) => figures),
    goals: results.flatMap(({ goals }) => goals),
    notes: [
      'CPU of all threads, user and kernel; `one` is a file of 1 byte, and the server is `serve` on this machine',
    ],
  };
};

type Scene = { readonly bin: string; readonly one: string; readonly url: string };

const contendersOf = (node: OtherNode, { bin, one, url }: Scene, bench: Bench): readonly Contender[] => [
  contender(node, '-e 0', ['-e', '0'], {}, bench),
  ...STARTS.map(([args]) => {
    const words = args.split(' ').map(word => (word === 'one' ? one : word));
    return contender(
      node,
      args,
      [bin, ...words],
      args.includes('--local') ? {} : { ...KEY, OPENAI_BASE_URL: url },
      bench,
    );
  }),
];

const contender = (
  { name, path }: OtherNode,
  what: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { run, work }: Bench,
): Contender => ({
  name: nameOf(name, what),
  unit: 'ms',
  command: what === '-e 0' ? 'node -e 0' : `oai-upload ${what}`,
  sample: async () => {
    await rm(join(work, 'kept'), { recursive: true, force: true });
    // `show` of what is not there ends with 2.
    return (await run([path, ...args], { env, timed: true, mayFail: what.startsWith('show') })).cpuMs;
  },
});

const nameOf = (node: string, what: string): string => `${node}: ${what}`;

const goalOf = (
  [args, limit]: (typeof STARTS)[number],
  { name }: OtherNode,
  figures: Parameters<typeof ratioOf>[0],
): Goal => ({
  says: `${nameOf(name, args)}, as a multiple of node -e 0`,
  value: ratioOf(figures, nameOf(name, args), [nameOf(name, '-e 0')]),
  limit,
});

/** `serve` of the same package, with the Node that runs this. */
async function served(bin: string, { work }: Bench): Promise<{ readonly url: string; stop(): void }> {
  const env = { PATH: process.env['PATH'], HOME: work };
  const child = spawn(process.execPath, [bin, 'serve', '--dir', join(work, 'served')], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { url, stop: () => void child.kill() };
}
