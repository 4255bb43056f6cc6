import { describe, expect, test } from 'vitest';
import { GiB, MiB } from '../../support/files.ts';
import { type Comparison, compare, tableOf } from '../../support/network-simulation/compare.ts';
import { type Network, networks, takesAtMost } from '../../support/network-simulation/network.ts';
import { adaptivePilot } from '../../support/network-simulation/pilot.ts';
import { recorded, replayed } from '../../support/network-simulation/recorded.ts';
import { simulate } from '../../support/network-simulation/simulate.ts';

const jobs = [
  { bytes: GiB, partSize: 11 * MiB },
  { bytes: 4 * GiB, partSize: 8 * MiB },
  { bytes: 8 * GiB, partSize: 61 * MiB },
] as const;
const atMost = [1, 2, 3, 6].map(takesAtMost);
const comparisons = [...networks, ...atMost].flatMap(network => jobs.map(job => compare(network, job)));

const on = (network: Network): readonly Comparison[] => comparisons.filter(row => row.network === network);
const named = (name: string): Network => {
  const network = networks.find(other => other.name.startsWith(name));
  if (!network) throw new Error(`no such network: ${name}`);
  return network;
};
/** Files on which there is time to settle. */
const isLong = ({ job }: Comparison): boolean => job.bytes >= 4 * GiB;

describe('adaptive concurrency on simulated networks', () => {
  test('beside the best fixed concurrency of 1 to 16', () => {
    console.log(`\n${tableOf(comparisons)}\n`);
    expect(comparisons).toHaveLength(33);
  });

  test.each([
    'per-connection cap',
    'latency 300 ms',
    'jitter',
    'loss',
  ])('where each connection is capped it comes close to the best: %s', name => {
    for (const { ratio, job } of on(named(name)).filter(isLong)) expect(ratio, `${job.bytes}`).toBeGreaterThan(0.85);
  });

  test('a short file loses no more than a quarter to the search', () => {
    for (const { ratio, network } of comparisons) expect(ratio, network.name).toBeGreaterThan(0.75);
  });

  test('where all connections are capped together it does not rise for nothing', () => {
    for (const { ratio, adaptive } of on(named('total cap'))) {
      expect(adaptive.settled).toBeLessThanOrEqual(6);
      expect(adaptive.highest).toBeLessThanOrEqual(12);
      expect(ratio).toBeGreaterThanOrEqual(0.95);
    }
    for (const { ratio, adaptive } of on(named('latency 5 ms, both caps')).filter(isLong)) {
      expect(adaptive.settled).toBeLessThanOrEqual(13);
      expect(ratio).toBeGreaterThan(0.93);
    }
  });

  test.each([1, 2, 3, 6])('where %i bodies at once are taken it settles there and wastes little', most => {
    for (const { adaptive, ratio } of comparisons.filter(({ network }) => network.atMost === most)) {
      expect(adaptive.settled).toBe(most);
      expect(adaptive.wasted).toBeLessThan(0.05);
      expect(ratio).toBeGreaterThan(0.9);
    }
  });

  test('the same seed, the same run', () => {
    const job = { bytes: GiB, partSize: 8 * MiB, seed: 7 };
    const run = () => simulate(named('loss'), job, adaptivePilot());
    expect(run()).toEqual(run());
  });
});

describe('adaptive concurrency on what real runs observed', () => {
  test('at most 2 bodies: it is at 2 from the second refusal on', () => {
    const observations = recorded('at-most-2-bodies');
    const refusals = observations.filter(({ type }) => type === 'overloaded');
    const last = observations.lastIndexOf(refusals.at(-1) as (typeof refusals)[number]);
    expect(refusals).toHaveLength(2);
    for (const { concurrency } of replayed(observations).slice(last)) expect(concurrency).toBe(2);
  });

  test('3 MB/s for each connection: it rises to 16 and stays', () => {
    const states = replayed(recorded('3-MB-per-connection'));
    expect(states.at(-1)?.settled.concurrency).toBe(16);
    const seen = states.map(({ concurrency }) => concurrency);
    expect(seen).toEqual(seen.toSorted((one, other) => one - other));
  });
});
