import { checkFailed } from '../core/errors/check-failed.ts';
import type { CheckReport, CheckRequest, RunningCheck } from '../core/model/check.ts';
import type { Source } from '../core/ports.ts';
import type { FileRun } from './run.ts';

/** So much of a file is checked before an Upload is created: most mistakes repeat on every line. */
const FIRST_BYTES = 8 * 1024 ** 2;

/** Throws where the name or the size alone is an error. No byte is read. */
export const checkAbout = async (request: CheckRequest | undefined, { loadCheck }: FileRun): Promise<void> => {
  if (request) throwIfFailed((await loadCheck())(request), request);
};

/** Throws where the first whole lines hold an error. What follows is checked beside the transfer. */
export const checkFirstLines = async (
  request: CheckRequest | undefined,
  source: Source,
  { loadCheck }: FileRun,
  signal: AbortSignal,
): Promise<void> => {
  if (!request) return;
  const check = (await loadCheck())(request);
  const size = Math.min(FIRST_BYTES, request.bytes);
  await source.arrived(size, signal);
  for await (const bytes of source.read({ number: 1, offset: 0, size }, undefined).bytes) {
    signal.throwIfAborted();
    check.write(bytes);
    throwIfFailed(check, request);
  }
};

/** Findings that are events of their own. */
const TOLD = 5;

/** Says what the check of a completed file found: warnings, or errors with `--check=warn`. */
export const warnOfFindings = ({ findings, errors, warnings }: CheckReport, { emit }: FileRun): void => {
  const told = findings.filter(({ level }) => level !== 'note').slice(0, TOLD);
  for (const { rule, line, message } of told)
    emit({ type: 'warning', reason: rule, message: line === null ? message : `line ${line}: ${message}` });
  const more = errors + warnings - told.length;
  if (more > 0) emit({ type: 'warning', reason: 'check', message: `the check found ${more} more` });
};

const throwIfFailed = (check: RunningCheck, { warnOnly }: CheckRequest): void => {
  if (check.failed && !warnOnly) throw checkFailed(check.report());
};
