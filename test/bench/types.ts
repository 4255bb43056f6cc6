import type { Ran, RunOptions } from './process.ts';
import type { Sink, SinkOptions } from './sinks.ts';

/** What one contender was measured at, a sample a round. */
export type Figure = {
  readonly name: string;
  readonly unit: 'ms' | 'MB' | 'MB/s' | 'bytes' | 'count';
  readonly samples: readonly number[];
  readonly median: number;
  readonly command: string;
};

/** A promise about the figures, as a number that must not be above (or below) its limit. */
export type Goal = {
  readonly says: string;
  readonly value: number;
  readonly limit: number;
  readonly atLeast?: boolean;
};

export type CaseResult = {
  readonly key: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly goals: readonly Goal[];
  readonly notes?: readonly string[];
};

/** What a case has in hand. */
export type Bench = {
  /** The folder of this suite, and one that is gone afterwards. */
  readonly here: string;
  readonly work: string;
  /** The command that is measured. */
  readonly bin: string;
  readonly rounds: number;
  readonly quick: boolean;
  /** Bytes of the large file. */
  readonly size: number;
  /** Other Nodes: versions of the npm package `node`, or paths. */
  readonly nodes: readonly string[];
  readonly hasCurl: boolean;
  /** A file of random bytes (made once), or one without a single block on disk. */
  randomFile(bytes: number): Promise<string>;
  sparseFile(bytes: number): Promise<string>;
  sink(options?: SinkOptions): Promise<Sink>;
  run(command: readonly string[], options?: RunOptions): Promise<Ran>;
  say(line: string): void;
};

export type Case = (bench: Bench) => Promise<CaseResult>;
