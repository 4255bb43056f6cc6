import type { Network } from './network.ts';
import type { Outcome } from './outcome.ts';
import { adaptivePilot, fixedPilot } from './pilot.ts';
import { type Job, simulate } from './simulate.ts';

/** The adaptive concurrency beside the best of all fixed ones, on the same line with the same luck. */
export type Comparison = {
  readonly network: Network;
  readonly job: Job;
  readonly best: Outcome & { readonly concurrency: number };
  readonly adaptive: Outcome;
  /** Throughput, adaptive to best. */
  readonly ratio: number;
};

export function compare(network: Network, job: Job): Comparison {
  const fixed = Array.from({ length: 16 }, (_, index) => ({
    ...simulate(network, job, fixedPilot(index + 1)),
    concurrency: index + 1,
  }));
  const best = fixed.reduce((one, other) => (other.MBps > one.MBps * 1.001 ? other : one));
  const adaptive = simulate(network, job, adaptivePilot(network.latencyMs));
  return { network, job, best, adaptive, ratio: adaptive.MBps / best.MBps };
}

const HEAD = [
  'network',
  'file',
  'part',
  'best fixed',
  'MB/s',
  'adaptive MB/s',
  'ratio',
  'settled',
  'highest',
  'wasted',
];

/** One row a comparison, for people. */
export function tableOf(comparisons: readonly Comparison[]): string {
  const rows = [HEAD, ...comparisons.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows
    .map(row =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
    )
    .map(row => row.join('  '))
    .join('\n');
}

const rowOf = ({ network, job, best, adaptive, ratio }: Comparison): readonly string[] => [
  network.name,
  `${job.bytes / 1024 ** 3} GiB`,
  `${job.partSize / 1024 ** 2} MiB`,
  String(best.concurrency),
  best.MBps.toFixed(0),
  adaptive.MBps.toFixed(0),
  `${(100 * ratio).toFixed(0)} %`,
  String(adaptive.settled),
  String(adaptive.highest),
  `${(100 * adaptive.wasted).toFixed(1)} %`,
];
