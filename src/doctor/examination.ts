import { asUploadError, UploadError } from '../core/errors/errors.ts';
import { asRunError, codeOf, RequestError } from '../core/errors/request-error.ts';
import type { Verdict } from '../core/schema/results/doctor.ts';

/** What is known about one thing that an upload needs. */
export type Finding = {
  readonly verdict: Exclude<Verdict, 'failed'>;
  readonly message: string;
  readonly hint?: string | undefined;
};

/** A finding as it is told; facts are for programs. */
export type CheckResult = {
  readonly check: string;
  readonly verdict: Verdict;
  readonly message: string;
  readonly hint: string | undefined;
  readonly facts: Facts;
  readonly error?: UploadError;
};

export type Facts = Readonly<Record<string, unknown>>;

/** What a check found for those that need it; or which check keeps them from being made. */
export type Outcome<T> = { readonly value: T } | { readonly blockedBy: string };

type Needs = Readonly<Record<string, Outcome<unknown>>>;
type ValuesOf<N extends Needs> = { readonly [Name in keyof N]: N[Name] extends Outcome<infer T> ? T : never };

/** Looks at one thing. Facts may be noted before it fails; a failure is thrown. */
type Look<N extends Needs, T> = (
  values: ValuesOf<N>,
  note: (facts: Facts) => void,
) => Promise<readonly [finding: Finding, value: T]>;

export type Examination = {
  /** Makes a check, unless one that it needs failed; tells what came of it. */
  check<N extends Needs, T>(name: string, needs: N, look: Look<N, T>): Promise<Outcome<T>>;
  /** What failed first. */
  failure(): UploadError | undefined;
};

/** Checks that build upon each other. Only a bug and an interruption are thrown. */
export const createExamination = (tell: (result: CheckResult) => void, signal: AbortSignal): Examination => {
  let failure: UploadError | undefined;
  return {
    failure: () => failure,
    check: async (name, needs, look) => {
      signal.throwIfAborted();
      const blockedBy = Object.values(needs).find(need => 'blockedBy' in need)?.blockedBy;
      if (blockedBy !== undefined) {
        tell(blank(name, { verdict: 'skipped', message: `not looked at, because of ${blockedBy}` }));
        return { blockedBy };
      }
      const { result, outcome } = await lookAt(name, note => look(valuesOf(needs), note), signal);
      failure ??= result.error;
      tell(result);
      return outcome;
    },
  };
};

type Looked<T> = { readonly result: CheckResult; readonly outcome: Outcome<T> };

async function lookAt<T>(
  name: string,
  look: (note: (facts: Facts) => void) => Promise<readonly [Finding, T]>,
  signal: AbortSignal,
): Promise<Looked<T>> {
  let facts: Facts = {};
  try {
    const [finding, value] = await look(more => {
      facts = { ...facts, ...more };
    });
    return { result: { ...blank(name, finding), facts }, outcome: { value } };
  } catch (thrown) {
    signal.throwIfAborted();
    const error = failureOf(thrown);
    const { message, hint } = error;
    return {
      result: { ...blank(name, { verdict: 'failed', message, hint }), facts, error },
      outcome: { blockedBy: name },
    };
  }
}

const blank = (check: string, finding: Pick<CheckResult, 'verdict' | 'message'> & { hint?: string | undefined }) => ({
  check,
  facts: {},
  ...finding,
  hint: finding.hint,
});

const valuesOf = <N extends Needs>(needs: N): ValuesOf<N> =>
  Object.fromEntries(
    Object.entries(needs).map(([name, need]) => [name, 'value' in need ? need.value : undefined]),
  ) as ValuesOf<N>;

function failureOf(thrown: unknown): UploadError {
  if (thrown instanceof UploadError) return thrown;
  if (!(thrown instanceof RequestError)) throw asUploadError(thrown);
  // There is no upload here that could go on.
  return asRunError(thrown, codeOf(thrown.failure) === 'UNAVAILABLE' ? hintFor(thrown.failure.reason) : undefined);
}

const NO_WAY = 'check the network; behind a proxy, name it with --proxy or HTTPS_PROXY';

const hints: Readonly<Record<string, string>> = {
  dns: `check the host in the base URL, then ${NO_WAY}`,
  'connection-refused': 'nothing listens there, or a firewall refuses: check host and port of the base URL',
  'connection-reset': 'something on the way broke it off, or the port speaks something else: check the base URL',
  'network-unreachable': NO_WAY,
  timeout: `a firewall may swallow it: ${NO_WAY}`,
};

const hintFor = (reason: string): string => hints[reason] ?? 'look again later';
