import { checkFailed } from '../../core/errors/check-failed.ts';
import type { CheckRequest, RunningCheck, StartCheck } from '../../core/model/check.ts';

/** Loads the rules: only a pass that checks pays for them. */
export type LoadCheck = () => Promise<StartCheck>;

/** Whether the pass goes on no further. */
export const isOver = (check: RunningCheck | undefined, request: CheckRequest | undefined): boolean =>
  check?.failed === true && request?.warnOnly === false;

/** Throws what was found. */
export const requirePassing = (check: RunningCheck | undefined, request: CheckRequest | undefined): void => {
  if (check && isOver(check, request)) throw checkFailed(check.report());
};
