import { MAX_UPLOAD_BYTES, PURPOSES } from '../core/model/limits.ts';
import { grouped } from '../core/policy/units.ts';
import type { RuleName } from './findings/catalog.ts';
import { BATCH_BYTES } from './rules/batch/limits.ts';
import type { Service } from './types.ts';

/** Purposes whose files are JSON lines. */
export const JSONL_PURPOSES: readonly string[] = ['batch', 'fine-tune', 'evals'];

/** Whether files of this purpose are JSON lines. */
export const isJsonl = (purpose: string): boolean => JSONL_PURPOSES.includes(purpose);

const KNOWN: readonly string[] = PURPOSES;

type Problem = { readonly rule: RuleName; readonly message: string; readonly hint?: string };

/** What a size alone tells, before any byte is read or sent. */
export const sizeProblem = (purpose: string, bytes: number): Problem | undefined => {
  if (bytes > MAX_UPLOAD_BYTES)
    return { rule: 'too-large', message: `an upload takes at most 8 GiB, and this file has ${grouped(bytes)} bytes` };
  if (purpose !== 'batch' || bytes <= BATCH_BYTES.documented) return undefined;
  const message = `a batch takes at most 200 MB, and this file has ${grouped(bytes)} bytes`;
  return bytes > BATCH_BYTES.most
    ? { rule: 'too-large', message, hint: 'push --split makes several Files of it' }
    : { rule: 'near-size-limit', message: `${message}: the service may refuse it` };
};

/** What a name alone tells. */
export const nameProblem = (purpose: string, filename: string): Problem | undefined =>
  (purpose === 'batch' || purpose === 'fine-tune') && !/\.jsonl$/i.test(filename)
    ? { rule: 'filename', message: `the name of a file for ${purpose} must end in .jsonl` }
    : undefined;

export const purposeProblem = (purpose: string): Problem | undefined =>
  KNOWN.includes(purpose)
    ? undefined
    : { rule: 'unknown-purpose', message: `no rules are known for the purpose ${purpose}: the content is not checked` };

export type KnownBefore = {
  readonly purpose: string;
  readonly service?: Service | undefined;
  readonly filename?: string | undefined;
  readonly bytes?: number | undefined;
};

/** What can be said of a file before it is read, and before any request. */
export const problemsBeforeReading = ({ purpose, filename, bytes }: KnownBefore): readonly Problem[] =>
  [
    filename === undefined ? undefined : nameProblem(purpose, filename),
    bytes === undefined ? undefined : sizeProblem(purpose, bytes),
    purposeProblem(purpose),
  ].filter(problem => problem !== undefined);
