import type { CheckService } from '../core/model/check.ts';
import type { Summary } from '../core/schema/results/checked.ts';
import type { Findings } from './findings/finding.ts';

/** Whose rules apply. For `other` base URLs, rules that cite a limit or a list of OpenAI's are warnings. */
export type Service = CheckService;

export type CheckOptions = {
  readonly purpose: string;
  /** Default: `openai`. */
  readonly service?: Service | undefined;
  /** Turns warnings into errors. */
  readonly strict?: boolean | undefined;
  /** How many errors, warnings and notes are kept, of each; the others are counted. Default: 20. */
  readonly maxFindings?: number | undefined;
  /** Left out: the name is not checked. */
  readonly filename?: string | undefined;
  /** Left out: the bytes are counted as they come. */
  readonly bytes?: number | undefined;
  /** The number of the first line, above 1 where a part of a file is checked. Default: 1. */
  readonly firstLine?: number | undefined;
  /** A longer line is not parsed, so that it cannot fill the memory. Default: 64 MiB. */
  readonly maxLineBytes?: number | undefined;
};

export type CheckReport = {
  /** Null where files of this purpose are not JSON lines, and the content was not read. */
  readonly lines: number | null;
  readonly errors: Findings;
  readonly warnings: Findings;
  readonly notes: Findings;
  readonly summary: Summary | null;
};

/** A check of one file, fed with its bytes in order, in pieces of any size. The pieces are not kept. */
export type Check = {
  write(bytes: Uint8Array): void;
  /** What was found, after the last byte. */
  end(): CheckReport;
  /** What was found so far, for a check that is given up: nothing is written after it. */
  stop(): CheckReport;
  /** Whether an error is certain, also where `end` alone can tell on which line. */
  readonly failed: boolean;
};
