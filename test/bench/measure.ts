import type { Figure } from './types.ts';

/** One who is measured: a sample each time it is asked. */
export type Contender = {
  readonly name: string;
  readonly unit: Figure['unit'];
  readonly command: string;
  sample(): Promise<number>;
};

export const median = (samples: readonly number[]): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
};

/** Every contender once a round, each round beginning with another one: noise hits all alike. */
export async function interleaved(
  contenders: readonly Contender[],
  rounds: number,
  say: (line: string) => void,
): Promise<readonly Figure[]> {
  const samples = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const index = (turn + round) % contenders.length;
      const contender = contenders[index] as Contender;
      const value = await contender.sample();
      samples[index]?.push(value);
      say(`  ${round + 1}/${rounds} ${contender.name}: ${Math.round(value)} ${contender.unit}`);
    }
  }
  return contenders.map(({ name, unit, command }, index) => {
    const own = samples[index] ?? [];
    return { name, unit, command, samples: own, median: median(own) };
  });
}

/** The median of the figure of this name. */
export const medianOf = (figures: readonly Figure[], name: string): number =>
  figures.find(figure => figure.name === name)?.median ?? Number.NaN;

/** The median over the rounds of what one took as a multiple of another in the same round: noise that lasts cancels out. */
export const ratioOf = (figures: readonly Figure[], name: string, others: readonly string[]): number => {
  const samplesOf = (one: string) => figures.find(figure => figure.name === one)?.samples ?? [];
  const rivals = others.map(samplesOf).filter(samples => samples.length > 0);
  return median(samplesOf(name).map((value, round) => value / Math.max(...rivals.map(samples => samples[round] ?? 0))));
};
