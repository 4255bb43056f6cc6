import { open, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type Sandbox, sandbox } from '../support/cli.ts';
import { testServer } from '../support/server.ts';
import { reduced } from '../support/torture.ts';

const PEAK = new URL('../support/peak-rss.mjs', import.meta.url).href;
/** What a run of many files takes whatever their number is there at the short one. */
const [SHORT, LONG] = [10_000, reduced(40_000, 100_000)];
/** What a collection of garbage that came late or early makes of a short list. */
const NOISE = reduced(8e6, 0);
const BLOCK = 1000;

/** A list of so many paths, each as long as real ones are. */
async function list(box: Sandbox, count: number, pathOf: (index: number) => string): Promise<string> {
  const path = box.path(`list-${count}`);
  await using file = await open(path, 'w');
  for (let from = 0; from < count; from += BLOCK)
    await file.writeFile(Array.from({ length: BLOCK }, (_, step) => `${pathOf(from + step)}\n`).join(''));
  return path;
}

/** The peak of the memory of a run, and its exit code. */
async function measured(box: Sandbox, args: readonly string[], env: Readonly<Record<string, string>>) {
  const run = await box.run(['push', '--purpose', 'assistants', ...args], {
    env: { ...env, PEAK_RSS_FILE: box.path('peak') },
    nodeArgs: ['--import', PEAK],
  });
  return { ...run, peak: Number(await readFile(box.path('peak'), 'utf8')) };
}

it('12.25: a list costs at most 500 bytes a path where no file is there', async () => {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  const absent = (index: number) => `folder/of/some/length/that/is-not-there/data-${index}.jsonl`;
  const peaks: number[] = [];
  for (const count of [SHORT, LONG]) {
    const run = await measured(box, ['--files-from', await list(box, count, absent)], server.env);
    expect(run.exitCode).toBe(3);
    expect(run.stderr.match(/does not exist/g)).toHaveLength(count);
    peaks.push(run.peak);
  }
  const [short = 0, long = 0] = peaks;
  expect(long - short).toBeLessThanOrEqual(500 * (LONG - SHORT) + NOISE);
  expect(server.requests('create')).toEqual([]);
});

it('12.25: a list costs at most 500 bytes a path with --dry-run', async () => {
  const box = await sandbox();
  for (let index = 0; index < BLOCK; index += 1) await box.write(`file-${index}`, 'x');
  const existing = (index: number) => `${'./'.repeat(1 + index / BLOCK)}file-${index % BLOCK}`;
  const peaks: number[] = [];
  for (const count of [SHORT, LONG]) {
    const run = await measured(box, ['--files-from', await list(box, count, existing), '--dry-run'], {});
    expect(run.exitCode).toBe(0);
    peaks.push(run.peak);
  }
  const [short = 0, long = 0] = peaks;
  expect(long - short).toBeLessThanOrEqual(500 * (LONG - SHORT) + NOISE);
});
