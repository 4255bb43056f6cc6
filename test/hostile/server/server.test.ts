import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { type CliResult, type Sandbox, sandbox } from '../../support/cli.ts';
import { eachOf, figures, reduced, TORTURE } from '../../support/torture.ts';
import { type Behaviour, behaviours } from './behaviours.ts';
import { endless } from './endless.ts';
import { CONTENT, hostileServer } from './hostile-server.ts';
import { holdsKey, KEY } from './key.ts';
import { type Scene, scenes } from './scenes.ts';

/** What must end well has all the time that a busy machine may take. */
const stallTimeout = ({ kind }: Behaviour): string => (kind === 'harmless' ? '60s' : '300ms');
/** The fewest attempts: what is malformed is asked again all the same. */
const RETRIES = ['--retries', '0'];
const PEAK = pathToFileURL(join(import.meta.dirname, '../../support/peak-rss.mjs')).href;
const MOST_MB = 150;

/** Anything that a terminal, or a reader of lines, would obey. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

type Case = { readonly scene: Scene; readonly behaviour: Behaviour };

const fits = ({ endpoint }: Scene, { isJson }: Behaviour): boolean =>
  !isJson || (endpoint !== 'content' && endpoint !== 'models');

/** Every other behaviour before one of the commands, which take turns; all before all in torture. */
const chosen = behaviours.filter((_, at) => TORTURE || at % 2 === 0);
const cases: readonly Case[] = chosen.flatMap((behaviour, turn) => {
  const fitting = scenes.filter(scene => fits(scene, behaviour));
  return (TORTURE ? fitting : [fitting[turn % fitting.length] as Scene]).map(scene => ({ scene, behaviour }));
});

it(`12.16: ${cases.length} cases of a hostile server end by what they are`, async () => {
  expect(cases.length).toBeGreaterThanOrEqual(reduced(70, 150));
  const peaks: number[] = [];
  const troubles: string[] = [];
  await eachOf(cases, 6, async (one, index) => {
    const { peakMb, wrong } = await tried(one, index % 2 === 1);
    peaks.push(peakMb);
    troubles.push(...wrong.map(what => `${one.scene.name} × ${one.scene.endpoint} × ${one.behaviour.name}: ${what}`));
  });
  figures(
    `hostile server: ${cases.length} cases, peak ${Math.max(...peaks).toFixed(0)} MB, ${troubles.length} troubles`,
  );
  expect(troubles).toEqual([]);
});

async function tried({ scene, behaviour }: Case, asJson: boolean) {
  const box = await sandbox();
  await box.write('f.txt', CONTENT);
  const { url } = await hostileServer(scene.endpoint, behaviour.behave);
  await scene.prepare?.(box, url);
  const peakFile = join(box.dir, 'peak');
  const run = await box.run([...scene.args, ...flagsFor(scene, behaviour, asJson)], {
    env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: url, PEAK_RSS_FILE: peakFile },
    nodeArgs: ['--import', PEAK],
  });
  const peakMb = Number(await readFile(peakFile, 'utf8').catch(() => 'NaN')) / 1e6;
  return {
    peakMb,
    wrong: [...wrongIn(run, scene, behaviour, asJson), ...(await leaks(run, box)), ...tooLarge(peakMb)],
  };
}

const flagsFor = ({ name }: Scene, behaviour: Behaviour, asJson: boolean): readonly string[] => [
  ...['--stall-timeout', stallTimeout(behaviour), '--connect-timeout', '20s'],
  ...(name === 'doctor' ? [] : RETRIES),
  ...['--log-file', 'log', '-vv'],
  ...(/push|resume/.test(name) ? ['--trace', 'trace'] : []),
  ...(asJson ? ['--json', ...(/push|resume/.test(name) ? ['--progress', 'json'] : [])] : []),
];

const EXITS = [0, 4, 5, 6, 7, 8, 9];

function wrongIn(
  { exitCode, stdout, stderr }: CliResult,
  scene: Scene,
  { kind }: Behaviour,
  asJson: boolean,
): string[] {
  const lines = `${stdout}${stderr}`;
  const told = `${exitCode} ${stderr.slice(-1500)}`;
  return [
    ...(EXITS.includes(exitCode ?? -1) ? [] : [`exit code ${told}`]),
    ...(kind === 'harmful' && scene.mustFail && exitCode === 0 ? [`ends well: ${told}`] : []),
    ...(kind === 'harmless' && exitCode !== 0 && scene.name !== 'push --wait' ? [`ends badly: ${told}`] : []),
    ...(/this is a bug|^\s+at .*:\d+:\d+/m.test(lines) ? [`a bug: ${told}`] : []),
    ...(/Invalid (type|key|format)|Expected \S+ but /.test(lines) ? [`the validator's words: ${told}`] : []),
    ...(CONTROLS.test(lines) ? [`controls: ${JSON.stringify(lines.slice(-1500))}`] : []),
    ...(asJson || lines.split('\n').every(line => line.length < 2500) ? [] : [`a long line: ${lines.slice(0, 3000)}`]),
  ];
}

async function leaks(run: CliResult, box: Sandbox): Promise<string[]> {
  const files = [...(await box.stateFiles()).map(name => join(box.stateDir, name)), box.path('log'), box.path('trace')];
  const texts = await Promise.all(files.map(name => readFile(name, 'utf8').catch(() => '')));
  const places = [['stdout', run.stdout], ['stderr', run.stderr], ...files.map((name, at) => [name, texts[at] ?? ''])];
  return places
    .filter(([, text]) => holdsKey(text ?? ''))
    .map(([place, text]) => `the key is in ${place}: ${text?.slice(0, 1500)}`);
}

const tooLarge = (peakMb: number): string[] => (peakMb <= MOST_MB ? [] : [`${peakMb} MB`]);

const interrupted = ['push', 'cancel', 'verify', 'doctor'].flatMap((name, first) => {
  const own = scenes.filter(scene => scene.name === name);
  return Object.entries(endless).map(([what, behave], at) => ({
    scene: own[(at + first) % own.length] as Scene,
    what,
    behave,
  }));
});

/** The contract says two seconds; the machine may be busy. */
const LONGEST_STOP_MS = 8000;

it('12.16: an interrupt ends every wait for a reply that does not end', async () => {
  const troubles: string[] = [];
  const chosen = TORTURE ? interrupted : interrupted.filter((_, at) => at % 4 === Math.floor(at / 26) % 4);
  await eachOf(chosen, 4, async ({ scene, what, behave }) => {
    const box = await sandbox();
    await box.write('f.txt', CONTENT);
    const { url, met } = await hostileServer(scene.endpoint, behave);
    await scene.prepare?.(box, url);
    const live = box.start(scene.args, { env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: url } });
    await Promise.race([met, live.ended]);
    const stoppedAt = performance.now();
    live.kill('SIGINT');
    const { exitCode, signal, stderr } = await live.ended;
    const ms = performance.now() - stoppedAt;
    // It may just have ended by itself.
    if (ms > LONGEST_STOP_MS || signal || !(exitCode === 130 || EXITS.includes(exitCode ?? -1)))
      troubles.push(
        `${scene.name} × ${scene.endpoint} × ${what}: ${ms.toFixed(0)} ms, ${exitCode} ${signal} ${stderr.slice(-500)}`,
      );
  });
  figures(`hostile server: ${chosen.length} interrupts, ${troubles.length} troubles`);
  expect(troubles).toEqual([]);
});
