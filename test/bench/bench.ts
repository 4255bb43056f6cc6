import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { parseSize } from '../../src/core/policy/units.ts';
import { check } from './cases/check.ts';
import { links } from './cases/links.ts';
import { memory } from './cases/memory.ts';
import { nodes } from './cases/nodes.ts';
import { plain } from './cases/plain.ts';
import { resume } from './cases/resume.ts';
import { rivals } from './cases/rivals.ts';
import { small } from './cases/small.ts';
import { start } from './cases/start.ts';
import { tls } from './cases/tls.ts';
import { wall } from './cases/wall.ts';
import { createFiles } from './files.ts';
import { createRun } from './process.ts';
import { isReached, markdownOf, type Surroundings } from './report.ts';
import { sinkStarter } from './sinks.ts';
import { drawTimelines } from './timelines.ts';
import type { Bench, Case, CaseResult } from './types.ts';

const cases: Readonly<Record<string, Case>> = {
  a: wall,
  b: rivals,
  c: memory,
  d: start,
  e: resume,
  f: small,
  g: links,
  h: tls,
  i: plain,
  j: check,
  k: nodes,
};

type Folders = { readonly here: string; readonly work: string };

/** Runs the cases that were asked for, writes what they found, and says which goals were missed. */
export async function bench(argv: readonly string[], folders: Folders): Promise<number> {
  const options = optionsOf(argv);
  const tools = await toolsOf(options, folders);
  const loadBefore = loadavg()[0] ?? 0;
  const results: CaseResult[] = [];
  for (const key of options.only) {
    const one = cases[key];
    if (!one) throw new Error(`no case ${key}: there are ${Object.keys(cases).join(' ')}`);
    tools.say(`(${key})`);
    results.push(await one(tools));
  }
  await drawTimelines(tools, options.only);
  await write(results, await surroundings(tools, argv, loadBefore), folders.here);
  const missed = results.flatMap(({ key, goals }) =>
    goals.filter(goal => !isReached(goal)).map(goal => `(${key}) ${goal.says}`),
  );
  for (const goal of missed) tools.say(`missed: ${goal}`);
  return 0;
}

const optionsOf = (argv: readonly string[]) => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string' },
      rounds: { type: 'string' },
      size: { type: 'string' },
      quick: { type: 'boolean' },
      nodes: { type: 'string', default: '22,24,26' },
    },
  });
  const quick = values.quick ?? false;
  return {
    quick,
    only: values.only?.split(',') ?? Object.keys(cases),
    rounds: Number(values.rounds ?? (quick ? 1 : 5)),
    size: parseSize(values.size ?? (quick ? '256MiB' : '2GiB')) ?? Number.NaN,
    nodes: values.nodes.split(',').filter(Boolean),
  };
};

async function toolsOf(options: ReturnType<typeof optionsOf>, { here, work }: Folders): Promise<Bench> {
  const { quick, rounds, size, nodes } = options;
  return {
    here,
    work,
    quick,
    rounds,
    size,
    nodes,
    bin: join(here, '../../bin/oai-upload.js'),
    hasCurl: (await versionOf('curl')) !== 'missing',
    ...createFiles(work),
    sink: await sinkStarter(here, work),
    run: createRun(here, work),
    say: line => void process.stderr.write(`${line}\n`),
  };
}

const versionOf = (program: string): Promise<string> =>
  promisify(execFile)(program, ['--version']).then(
    ({ stdout }) => stdout.split('\n')[0] ?? '',
    () => 'missing',
  );

const surroundings = async (
  { size, rounds }: Bench,
  argv: readonly string[],
  loadBefore: number,
): Promise<Surroundings> => ({
  command: `npm run bench${argv.length > 0 ? ` -- ${argv.join(' ')}` : ''}`,
  when: new Date().toISOString(),
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}`,
  node: process.version,
  curl: await versionOf('curl'),
  'large file': `${size} bytes`,
  rounds,
  'load average before and after': `${loadBefore.toFixed(1)}, ${(loadavg()[0] ?? 0).toFixed(1)} (before above 0: others were at work on this machine)`,
});

async function write(results: readonly CaseResult[], around: Surroundings, here: string): Promise<void> {
  const folder = join(here, 'results');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'bench.json'), `${JSON.stringify({ ...around, results }, undefined, 2)}\n`);
  const text = markdownOf(results, around);
  await writeFile(join(folder, 'bench.md'), text);
  process.stdout.write(`${text}\n`);
}
