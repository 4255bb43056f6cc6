import { expect, it } from 'vitest';
import type { Fault } from '../../src/server/server.ts';
import { KiB, md5OfFile, randomFile } from '../support/files.ts';
import { eachOf, figures, reduced } from '../support/torture.ts';
import { place, pushArgs, resultOf, run, startsBehindTheGate } from './scene.ts';

const PART = 2 * KiB;
const RUNS = reduced(2, 34);
const PARTS = reduced(375, 950);

/** One request in four fails: each row takes its share of what the rows before it left. */
const faultsOf = (seed: number): readonly Fault[] =>
  [
    { share: 0.005, do: 'status', status: 429, headers: { 'retry-after': '1' } },
    { share: 0.015, do: 'status', status: 503, headers: { 'retry-after-ms': '300' } },
    { share: 0.06, do: 'status', status: 500 },
    { share: 0.03, do: 'early-status', status: 502, body: '<html>Bad Gateway</html>' },
    { share: 0.03, do: 'reset-before' },
    { share: 0.03, do: 'reset-in-body', afterBytes: 512 },
    { share: 0.03, do: 'reset-after-body' },
    { share: 0.03, do: 'lose-reply' },
    { share: 0.01, do: 'truncate-reply' },
    { share: 0.01, do: 'reply', body: '{"id": "part_' },
  ].reduce<{ readonly left: number; readonly faults: readonly Fault[] }>(
    ({ left, faults }, { share, ...act }, index) => {
      const fault = { ...act, endpoint: 'part', chance: share / left, seed: seed * 100 + index } as Fault;
      return { left: left - share, faults: [...faults, fault] };
    },
    { left: 1, faults: [] },
  ).faults;

it(`sends thousands of parts with one request in four failing, and nothing is corrupt, false, early or unfinished`, async () => {
  const startedAtMs = performance.now();
  const runs: Awaited<ReturnType<typeof pushThrough>>[] = [];
  await eachOf(Array.from({ length: RUNS }), 2, async (_, index) => void runs.push(await pushThrough(index + 1)));
  const sum = (of: (one: (typeof runs)[number]) => number): number => runs.reduce((total, one) => total + of(one), 0);
  const requests = sum(one => one.requests);
  const failed = sum(one => one.failed);
  figures(
    `one in four: ${RUNS} files, ${requests} part requests, ${failed} failed (${((100 * failed) / requests).toFixed(1)} %), ${sum(one => one.gates)} waits at the server's word, ` +
      `${sum(one => one.unfinished)} unfinished, ${sum(one => one.corrupt)} corrupt, ${sum(one => one.falseSuccess)} false successes, ${sum(one => one.early)} requests before Retry-After, ` +
      `${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`,
  );
  expect(failed).toBeGreaterThanOrEqual(reduced(180, 10_000));
  expect(failed / requests).toBeGreaterThan(0.2);
  for (const count of ['unfinished', 'corrupt', 'falseSuccess', 'early'] as const)
    expect([count, sum(one => one[count])]).toEqual([count, 0]);
});

async function pushThrough(seed: number) {
  const here = await place(faultsOf(seed));
  const path = await randomFile(here.box.path('f.bin'), PARTS * PART - 7, `seed ${seed}`);
  const [ended, md5] = await Promise.all([run(here, pushArgs(path, PART, '--concurrency', '32')), md5OfFile(path)]);
  const requests = here.server.requests('part');
  const events = ended.events();
  // Each request of the server is a start that the run told of, by the clock that holds the gate.
  const untold = requests.length - events.filter(({ type }) => type === 'part.started').length;
  const early = startsBehindTheGate(events).length + Math.max(0, untold);
  await here.server.restart();
  const files = await here.server.files();
  const wrong = await Promise.all(files.map(async ({ id }) => (await here.server.md5(id)) !== md5));
  const isThere = files.some(({ id }) => id === resultOf(ended)?.['file_id']);
  if (ended.exitCode !== 0) console.log(ended.stderr.slice(-3000));
  return {
    requests: requests.length,
    failed: requests.filter(({ fault }) => fault !== undefined).length,
    gates: events.filter(({ type }) => type === 'gate.closed').length,
    unfinished: ended.exitCode === 0 ? 0 : 1,
    corrupt: wrong.filter(Boolean).length,
    falseSuccess: ended.exitCode === 0 && (!isThere || files.length !== 1) ? 1 : 0,
    early,
  };
}
