import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type LiveCli, sandbox } from '../support/cli.ts';
import { GiB, MiB } from '../support/files.ts';
import { BROKEN, batchFile } from '../support/jsonl.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { figures, reduced, seeded, TORTURE } from '../support/torture.ts';

const LINES = 40_000;
const PARTS = ['--part-size', '1MiB', '--concurrency', '2'] as const;
const MOMENTS = ['upload.planned', 'upload.created', 'part.started', 'part.finished'] as const;

/** Kills a run at the `nth` of some event, if it comes to that. Whether it was killed. */
async function killedAt(run: LiveCli, type: string, nth: number): Promise<boolean> {
  void run.event(type, nth).then(
    () => run.kill('SIGKILL'),
    () => {}, // it ended before
  );
  return (await run.ended).signal === 'SIGKILL';
}

it('15.3: an invalid file is never completed, whenever the run is killed', { timeout: 3_600_000 }, async () => {
  const wanted = reduced(5, 100);
  const random = seeded(153);
  let [kills, files] = [0, 0];
  while (kills < wanted) {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    await writeFile(box.path('data.jsonl'), batchFile(LINES) + BROKEN);
    const args = ['push', 'data.jsonl', '--purpose', 'batch', '--json', '--progress=json', ...PARTS];
    for (let tries = 1 + random.below(4); tries > 0; tries -= 1) {
      const type = MOMENTS[random.below(MOMENTS.length)] as string;
      const nth = type.startsWith('part') ? 1 + random.below(6) : 1;
      if (await killedAt(box.start(args, server), type, nth)) kills += 1;
      expect(await server.files()).toEqual([]);
    }
    const last = await box.run(args, server);
    expect(last.exitCode, last.stderr).toBe(3);
    expect(last.results()[0]).toMatchObject({ check: { findings: [{ line: LINES + 1 }] } });
    expect(await server.files()).toEqual([]);
    expect(server.requests('complete')).toEqual([]);
    expect(await box.leftovers()).toEqual([]);
    files += 1;
  }
  figures(`checked pushes: ${kills} kills of ${files} invalid files, 0 completed`);
});

it('15.3: a push finds exactly the line of a fault in 100,000 lines', { timeout: 3_600_000 }, async () => {
  const random = seeded(154);
  const count = reduced(2, 30);
  for (let turn = 0; turn < count; turn += 1) {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    const lines = Array.from({ length: 100_000 }, (_, at) => `{"item":{"q":${at},"a":"${'b'.repeat(100)}"}}`);
    const at = random.below(lines.length);
    lines[at] = [`${lines[at]}}`, '', '[]', `{"item":NaN}`][turn % 4] as string;
    await writeFile(box.path('data.jsonl'), `${lines.join('\n')}\n`);
    const run = await box.run(['push', 'data.jsonl', '--purpose', 'evals', '--json', ...PARTS], server);
    expect(run.exitCode, run.stderr).toBe(3);
    expect(run.results()[0]?.['check'].findings.map(({ line }: { line: number }) => line)).toEqual([at + 1]);
    expect(await server.files()).toEqual([]);
  }
  figures(`checked pushes: ${count} faults at a random line of 100,000, each found`);
});

it('15.4: a file that is split is whole again, however often the run is killed', { timeout: 3_600_000 }, async () => {
  const wanted = reduced(3, 50);
  const random = seeded(155);
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  const size = TORTURE ? GiB : 24 * MiB;
  await bigBatch(box.path('data.jsonl'), size);
  // By the limits of a batch, 200 MB; a small file by smaller ones.
  const split = TORTURE ? ['--split'] : ['--split-size', '5MB'];
  const args = [
    'push',
    'data.jsonl',
    '--purpose',
    'batch',
    '--json',
    '--progress=json',
    ...split,
    ...PARTS.slice(0, 2),
  ];
  // So early that half of the parts are left for the last run.
  const latest = Math.max(1, Math.floor(size / MiB / wanted / 2));
  for (let kills = 0; kills < wanted; kills += 1) {
    expect(await killedAt(box.start(args, server), 'part.finished', 1 + random.below(latest))).toBe(true);
  }
  const run = await box.run(args, server);
  expect(run.exitCode, run.stderr).toBe(0);
  const results = run.results();
  for (const { file } of results) expect(file.bytes).toBeLessThanOrEqual(TORTURE ? 200_000_000 : 5_000_000);
  expect((await server.files()).length).toBe(results.length);
  const ids = results.map(result => String(result['file_id']));
  expect(await md5OfAll(server, ids)).toBe(await md5OfPaths([box.path('data.jsonl')]));
  figures(`split: ${size / MiB} MiB in ${ids.length} Files, ${wanted} kills, byte for byte the input`);
});

/** Requests of some 20 kB, until the file has about this size. */
async function bigBatch(path: string, size: number): Promise<void> {
  const text = 'x'.repeat(TORTURE ? 40_000 : 20_000);
  const line = (id: number): string =>
    `${JSON.stringify({ custom_id: `r${id}`, method: 'POST', url: '/v1/responses', body: { model: 'm', input: text } })}\n`;
  await writeFile(path, '');
  const each = 500;
  for (let id = 0, bytes = 0; bytes < size; id += each) {
    const lines = Array.from({ length: each }, (_, at) => line(id + at)).join('');
    await appendFile(path, lines);
    bytes += lines.length;
  }
}

const md5OfPaths = async (paths: readonly string[]): Promise<string> => {
  const hash = createHash('md5');
  for (const path of paths) for await (const bytes of createReadStream(path)) hash.update(bytes);
  return hash.digest('hex');
};

const md5OfAll = async (server: TestServer, ids: readonly string[]): Promise<string> =>
  md5OfPaths(await Promise.all(ids.map(server.contentPath)));
