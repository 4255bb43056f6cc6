import type { CheckReport, CheckService } from '../schema/check.ts';

export type { CheckReport, CheckService, Finding } from '../schema/check.ts';

/** What the lines of a file are checked for. Plain data: it is sent to the thread that reads the file. */
export type CheckRequest = {
  /** The File's name at the server. */
  readonly filename: string;
  readonly purpose: string;
  readonly bytes: number;
  /** The number of the first line that is checked: above 1 where a file is split. */
  readonly firstLine: number;
  /** Whose rules apply. `other`: what cites a limit or a list of OpenAI's is a warning. */
  readonly service: CheckService;
  /** Warnings are errors. */
  readonly strict: boolean;
  /** An error does not stop the push: `--check=warn`. */
  readonly warnOnly: boolean;
  /** Findings of each level that are kept; the others are counted. */
  readonly maxFindings: number;
};

/** A check on its way. */
export type RunningCheck = {
  /** The next bytes of the file; they are not kept. */
  write(bytes: Uint8Array): void;
  /** Whether there is an error so far. */
  readonly failed: boolean;
  /** After the last byte. */
  end(): CheckReport;
  /** So far: for a check that is given up. */
  report(): CheckReport;
};

/** Starts a check. One that the size or the name alone decides has failed from the start. */
export type StartCheck = (request: CheckRequest) => RunningCheck;

/** Purposes whose files are JSON lines: a push checks them unless it is told not to. */
const CHECKED: readonly string[] = ['batch', 'fine-tune', 'evals'];

/** Findings of each level that a push keeps. */
const MAX_FINDINGS = 20;

/** How a push of this purpose checks, or nothing where it does not. */
export const checkSettings = (
  purpose: string,
  { mode, strict = false }: { readonly mode: 'on' | 'warn' | 'off' | undefined; readonly strict?: boolean | undefined },
): CheckSettings | undefined =>
  (mode ?? (CHECKED.includes(purpose) ? 'on' : 'off')) === 'off'
    ? undefined
    : { strict, warnOnly: mode === 'warn', maxFindings: MAX_FINDINGS };

/** How a push checks its file; the rest of the request is known from the file. */
export type CheckSettings = Pick<CheckRequest, 'strict' | 'warnOnly' | 'maxFindings'>;
