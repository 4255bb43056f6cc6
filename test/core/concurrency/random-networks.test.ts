import { expect, test } from 'vitest';
import { GiB, MiB } from '../../support/files.ts';
import { compare, tableOf } from '../../support/network-simulation/compare.ts';
import type { Network } from '../../support/network-simulation/network.ts';
import { seededRandom } from '../../support/network-simulation/random.ts';
import { randomNetwork } from '../../support/network-simulation/random-network.ts';

const NETWORKS = process.env['TORTURE'] ? 1000 : 40;
const SEED = 42;
const line = { connectionMBps: 20, totalMBps: 10_000, latencyMs: 30 } as const;

/** As the plan cuts it. */
const partSizeFor = (bytes: number): number => Math.max(8, Math.ceil(bytes / (100 * MiB))) * MiB;

test.each<Network>([
  { ...line, name: '300 ms round trip', latencyMs: 300 },
  { ...line, name: '10 MB/s a connection', connectionMBps: 10 },
  { ...line, name: 'shared with another busy transfer of 4 connections', totalMBps: 100, others: 4 },
  { ...line, name: 'at most 4 parts', atMost: 4 },
])('1 GiB reaches 90 % of the best fixed concurrency: $name', network => {
  const comparison = compare(network, { bytes: GiB, partSize: 11 * MiB });
  console.log(`\n${tableOf([comparison])}\n`);
  expect(comparison.ratio).toBeGreaterThanOrEqual(0.9);
});

test(`${NETWORKS} random networks: the median reaches 95 %, all but a few 80 %`, () => {
  const random = seededRandom(SEED);
  const ratios = Array.from({ length: NETWORKS }, (_, index) => {
    const network = randomNetwork(random, `random ${index}`);
    const bytes = Math.floor((0.5 + 7.5 * random() ** 2) * GiB);
    return compare(network, { bytes, partSize: partSizeFor(bytes), seed: index }).ratio;
  }).toSorted((one, other) => one - other);
  const at = (share: number): number => ratios[Math.floor(share * (ratios.length - 1))] ?? 0;
  const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;
  const below = ratios.filter(ratio => ratio < 0.8).length;
  console.log(
    `random networks (seed ${SEED}): worst ${percent(at(0))}, 1 in 100 ${percent(at(0.01))}, 1 in 10 ${percent(at(0.1))}, median ${percent(at(0.5))}; below 80 %: ${below} of ${NETWORKS}`,
  );
  expect(at(0.5)).toBeGreaterThanOrEqual(0.95);
  expect(below / NETWORKS).toBeLessThanOrEqual(0.01);
  expect(at(0)).toBeGreaterThanOrEqual(0.65);
});
