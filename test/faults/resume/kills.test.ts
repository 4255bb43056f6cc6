import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { RequestLog } from '../../../src/server/server.ts';
import { type CliResult, type LiveCli, type Sandbox, sandbox } from '../../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../../support/files.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { eachOf, figures, reduced, seeded, TORTURE } from '../../support/torture.ts';
import { inside, pushArgs } from './scene.ts';

const PART = 16 * KiB;
const PARTS = 20;
const CONCURRENCY = 4;
/** Head and tail of one part's form. */
const ENVELOPE = 1024;
const AT_ONCE = 3;

/** Kills a run somewhere; resolves once it is decided where. */
type Aim = { readonly name: string; at(scene: Scene, run: LiveCli, random: Random): void };
type Random = ReturnType<typeof seeded>;

const aims: readonly Aim[] = [
  // Over the whole run: at the n-th event, of twenty parts begun, ended and more.
  ...Array.from({ length: 5 }, () => ({
    name: 'at an event',
    at: (scene: Scene, run: LiveCli, random: Random) => {
      const type = ['upload.planned', 'upload.created', 'part.started', 'part.finished', 'part.finished'][
        random.below(5)
      ] as string;
      void run
        .event(type, type.startsWith('part') ? 1 + random.below(partsLeft(scene)) : 1)
        .then(() => run.kill('SIGKILL'), noEvent);
    },
  })),
  {
    name: 'a part stored, its answer on the way',
    at: (scene, run, random) => atRequest(scene, run, isStoredPart, 1 + random.below(partsLeft(scene))),
  },
  {
    name: 'a part stored, its answer on the way',
    at: (scene, run, random) => atRequest(scene, run, isStoredPart, 1 + random.below(partsLeft(scene))),
  },
  {
    name: 'before complete is asked',
    at: (scene, run) => void run.event('part.finished', partsLeft(scene)).then(() => run.kill('SIGKILL'), noEvent),
  },
  {
    name: 'as complete is asked',
    at: (_scene, run) => void run.event('upload.completing').then(() => run.kill('SIGKILL'), noEvent),
  },
  {
    name: 'after complete was carried out',
    at: (scene, run) => atRequest(scene, run, ({ endpoint }) => endpoint === 'complete', 1),
  },
  {
    name: 'after complete was answered',
    at: (_scene, run) => void run.event('upload.completed').then(() => run.kill('SIGKILL'), noEvent),
  },
];

it('loses nothing, whenever it is killed', async () => {
  const wanted = reduced(35, 1000);
  const sum = { kills: 0, uploads: 0, resent: 0, most: 0, unjournalled: 0 };
  const byAim = new Map<string, number>();
  let turn = 0;
  await eachOf(lanes(AT_ONCE), AT_ONCE, async lane => {
    const random = seeded(1000 + lane);
    while (sum.kills < wanted) {
      const scene = await prepare(`lane ${lane} upload ${sum.uploads}`);
      let kills = 0;
      let last: Ended | undefined;
      const killsHere = 1 + random.below(6);
      for (let tries = 0; !last && tries < 50; tries += 1) {
        const aim = kills < killsHere ? aims[turn++ % aims.length] : undefined;
        if (!aim) {
          last = await finish(scene);
          continue;
        }
        const run = scene.box.start(scene.args, scene.server);
        aim.at(scene, run, random);
        const result = await run.ended;
        // Killed after its result was written and its journal gone: it had ended.
        if (result.signal !== 'SIGKILL' || (isOver(result) && (await scene.box.journals()).length === 0)) last = result;
        if (result.signal !== 'SIGKILL') continue;
        kills += 1;
        byAim.set(aim.name, (byAim.get(aim.name) ?? 0) + 1);
        sum.unjournalled += await unjournalled(scene);
      }
      sum.kills += kills;
      sum.uploads += 1;
      const resent = await expectRight(scene, last as Ended, kills);
      sum.resent += resent;
      if (kills > 0) sum.most = Math.max(sum.most, resent / kills);
    }
  });
  figures(
    `kills: ${sum.kills} kills of ${sum.uploads} uploads, 0 wrong, ${sum.uploads} Files, re-sent ${sum.resent.toFixed(1)} parts in all, max ${sum.most.toFixed(1)} parts a kill (allowed ${CONCURRENCY}), ${sum.unjournalled} parts were stored and not journalled`,
  );
  figures(`kills, by aim: ${[...byAim].map(([name, count]) => `${name} ${count}`).join(', ')}`);
});

/** One File with the right bytes, exit 0, and no more sent again than was on its way at each kill. In parts. */
async function expectRight({ box, server, md5 }: Scene, last: Ended, kills: number): Promise<number> {
  if (last.signal !== 'SIGKILL') expect(last.exitCode, last.stderr).toBe(0);
  const id = last.results()[0]?.['file_id'];
  expect(
    (await server.files()).map(file => file['id']),
    last.stderr,
  ).toEqual([id]);
  expect(await server.md5(id)).toBe(md5);
  const bodies = server.requests('part').reduce((sum, { bytesReceived }) => sum + bytesReceived, 0);
  const resent = (bodies - PARTS * PART) / PART;
  expect(bodies - PARTS * (PART + ENVELOPE)).toBeLessThanOrEqual(kills * CONCURRENCY * (PART + ENVELOPE));
  if (last.signal !== 'SIGKILL') expect(await box.journals()).toEqual([]);
  return Math.max(0, resent - (PARTS * 300) / PART);
}

type Ended = Pick<CliResult, 'stderr' | 'results'> & {
  readonly exitCode: number | undefined;
  readonly signal?: CliResult['signal'];
};

/** The same command without a kill: as a process only in torture, for that takes most of the time. */
const finish = ({ box, server, args }: Scene): Promise<Ended> =>
  TORTURE ? box.run(args, server) : inside(box, server, args);

/** How many parts the next run has to send, at least: a stored one whose answer was lost travels again. */
const partsLeft = ({ server }: Scene): number => Math.max(1, PARTS - new Set(server.acceptedParts()).size);

const noEvent = (): void => {};
const lanes = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const isStoredPart = ({ endpoint, status }: RequestLog): boolean => endpoint === 'part' && status === 200;
const isOver = ({ stdout }: CliResult): boolean => stdout.endsWith('\n');

/** Kills it when the server has carried out the `nth` request that matches, counted from now. */
function atRequest({ server }: Scene, run: LiveCli, matches: (log: RequestLog) => boolean, nth: number): void {
  const before = server.logs.filter(matches).length;
  void server.until(matches, before + nth).then(() => run.kill('SIGKILL'));
}

async function unjournalled({ box, server }: Scene): Promise<number> {
  const [journal] = await box.journals();
  if (journal === undefined) return 0;
  const recorded = (await readFile(journal, 'utf8')).match(/"type":"part"/g)?.length ?? 0;
  return Math.max(0, server.acceptedParts().length - recorded);
}

type Scene = {
  readonly box: Sandbox;
  readonly server: TestServer;
  readonly args: readonly string[];
  readonly md5: string;
};

async function prepare(seed: string): Promise<Scene> {
  const [box, server] = await Promise.all([sandbox(), testServer({ latencyMs: 3 })]);
  const path = await randomFile(box.path('f.bin'), PART * PARTS, seed);
  return { box, server, args: pushArgs(path, PART, CONCURRENCY), md5: await md5OfFile(path) };
}
