import type { World } from '../../cli/process-context.ts';
import { monotonicMs } from '../../core/policy/monotonic.ts';
import { createReporter } from '../../report/output/reporter.ts';
import type { Expected } from '../../report/progress/expected.ts';
import type { GlobalValues } from './globals.ts';

/** So many files, whose sizes come with their plans. */
export const thisMany = (files: number) => (): Expected => ({ files, bytes: 0, isWhole: true });

/** Creates the reporter that the flags and the terminal allow. */
export const openShow = (
  { progress, quiet, noColor }: GlobalValues,
  expected: () => Expected,
  { env, stderr }: World,
) =>
  createReporter({
    mode: progress ?? 'auto',
    quiet: quiet ?? false,
    stream: stderr,
    color: hasColor(env, noColor ?? false, stderr),
    unicode: hasUnicode(env),
    dumb: env['TERM'] === 'dumb',
    expected,
    now: progress === 'json' ? Date.now : steadyNow,
  });

/** The time of day when the process began, moved on by the monotonic clock: what is shown never jumps. */
const steadyNow = (): number => BEGUN_AT_MS + monotonicMs();

const BEGUN_AT_MS = Date.now() - monotonicMs();

type Env = World['env'];

/** `--no-color` and `NO_COLOR` win over `FORCE_COLOR` and `CLICOLOR_FORCE`, those win over what the terminal is. */
const hasColor = (env: Env, noColor: boolean, { isTTY }: NodeJS.WriteStream): boolean => {
  if (noColor || (env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'] ?? env['CLICOLOR_FORCE'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTTY === true && env['TERM'] !== 'dumb';
};

const hasUnicode = (env: Env): boolean => /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '');
