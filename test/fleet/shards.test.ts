import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shardOfPath } from '../../src/core/shards/shard.ts';
import { type CliResult, type Json, type Sandbox, sandbox } from '../support/cli.ts';
import { eachOf, figures, reduced, seeded, TORTURE } from '../support/torture.ts';
import { sorted } from './scene.ts';

const SHARDS = 8;
const FILES = reduced(160, 2000);
const KILLS = reduced(6, 20);
const KEY = 'sk-test-0123456789';

/** Each comes once for every file that a run uploads. */
const MOMENTS = ['upload.planned', 'upload.created', 'part.finished', 'upload.completing', 'upload.completed'];

type Case = { readonly kills: number; readonly folders: 'one state folder' | 'a state folder for each' };
const CASES: readonly Case[] = [
  { kills: KILLS, folders: 'one state folder' },
  { kills: KILLS, folders: 'a state folder for each' },
  { kills: 0, folders: 'one state folder' },
];

it.each(
  TORTURE ? CASES : CASES.slice(0, 1),
)('16.18: 8 shards upload each file exactly once, $kills of them killed and run again, $folders', {
  timeout: 1_800_000,
}, async ({ kills, folders }) => {
  const here = await place(folders);
  const shards = await Promise.all(
    Array.from({ length: SHARDS }, (_, index) =>
      runShard(here, index + 1, Math.floor((kills + index) / SHARDS), seeded(100 * kills + index)),
    ),
  );
  const results = shards.flatMap(({ last }) => last.results());
  expect(sorted(results.map(({ path }) => path))).toEqual(sorted(here.names));
  await expectEachOnce(here, results);
  const killed = shards.reduce((sum, shard) => sum + shard.killed, 0);
  expect(killed).toBe(kills);
  figures(`shards: ${FILES} files over ${SHARDS} shards, ${folders}, ${killed} kills: each file uploaded exactly once`);
});

type Place = {
  readonly box: Sandbox;
  readonly url: string;
  readonly names: readonly string[];
  stateDir(shard: number): string;
};

/** Many small files, a list of them, and the server as `serve` runs it. */
async function place(folders: Case['folders']): Promise<Place> {
  const box = await sandbox();
  const names = Array.from({ length: FILES }, (_, index) => `file-${index}.txt`);
  await eachOf(names, 16, async name => void (await box.write(name, textOf(name))));
  await box.write('list.txt', names.map(name => `${name}\n`).join(''));
  const server = box.start(['serve', '--dir', join(box.dir, 'served')], { env: { OAI_UPLOAD_SERVE_KEY: KEY } });
  const stateDir = (shard: number) => join(box.dir, folders === 'one state folder' ? 'state' : `state-${shard}`);
  return { box, url: await server.line(), names, stateDir };
}

const textOf = (name: string): string => `the text of ${name}\n`;

type ShardRun = { readonly killed: number; readonly last: CliResult };

/** Runs a shard again and again until it was killed so many times somewhere, and then once in peace. */
async function runShard(here: Place, shard: number, kills: number, random: Random): Promise<ShardRun> {
  let left = here.names.filter(name => shardOfPath(name, SHARDS) === shard).length;
  let killed = 0;
  // One that is late for its kill ends in peace, and is run again: the last files of a shard take milliseconds.
  for (let tries = 0; killed < kills && tries < 5 * kills; tries += 1) {
    const { ended, completed } = await runOnce(here, shard, aimed(left, random));
    left -= completed;
    if (ended.signal === 'SIGKILL') killed += 1;
    else expectWhole(ended);
  }
  const { ended } = await runOnce(here, shard);
  expectWhole(ended);
  return { killed, last: ended };
}

type Random = ReturnType<typeof seeded>;

/** The event at which a run is killed: the `nth` of a type. */
type Aim = { readonly type: string; readonly nth: number };

const aimed = (left: number, random: Random): Aim =>
  left <= 0
    ? { type: 'upload.skipped', nth: 1 }
    : { type: MOMENTS[random.below(MOMENTS.length)] as string, nth: 1 + random.below(Math.ceil(left / 2)) };

const expectWhole = ({ exitCode, signal, stderr }: CliResult): void =>
  expect([exitCode, signal], stderr.slice(-2000)).toEqual([0, undefined]);

async function runOnce({ box, url, stateDir }: Place, shard: number, aim?: Aim) {
  const which = ['--files-from', 'list.txt', '--shard', `${shard}/${SHARDS}`, '--state-dir', stateDir(shard)];
  const args = ['push', ...which, '--purpose', 'user_data', '--skip-uploaded', '--json', '--progress=json'];
  const counts = new Map<string, number>();
  const run = box.start(args, {
    env: { OPENAI_BASE_URL: url, OPENAI_API_KEY: KEY },
    onStderr: text => {
      for (const [, type = ''] of text.matchAll(/"type":"([a-z.]+)"/g)) counts.set(type, (counts.get(type) ?? 0) + 1);
      if (aim && (counts.get(aim.type) ?? 0) >= aim.nth) run.kill('SIGKILL');
    },
  });
  // Only the end of the process is waited for: one that ends before its moment comes is seen too.
  const ended = await run.ended;
  return { ended, completed: counts.get('upload.completed') ?? 0 };
}

/** The server has one File of each name, with its bytes, and the results name it. */
async function expectEachOnce({ url, names }: Place, results: readonly Json[]): Promise<void> {
  const get = (path: string) => fetch(`${url}${path}`, { headers: { authorization: `Bearer ${KEY}` } });
  const { data } = (await (await get('/files')).json()) as { data: readonly Json[] };
  expect(sorted(data.map(({ filename }) => filename))).toEqual(sorted(names));
  expect(sorted(results.map(({ file_id: id }) => id))).toEqual(sorted(data.map(({ id }) => id)));
  await eachOf(data, 8, async ({ id, filename }) => {
    expect(await (await get(`/files/${id}/content`)).text()).toBe(textOf(filename));
  });
}
