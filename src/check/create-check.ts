import type { CheckReport as PublicReport, RunningCheck, StartCheck } from '../core/model/check.ts';
import { createCheck as create } from './check.ts';
import type { CheckReport } from './types.ts';

/** The check as a push knows it. */
export const createCheck: StartCheck = (request): RunningCheck => {
  const check = create(request);
  let stopped: PublicReport | undefined;
  return {
    write: check.write,
    get failed() {
      return check.failed;
    },
    report: () => {
      stopped ??= publicReport(check.stop());
      return stopped;
    },
    end: () => publicReport(check.end()),
  };
};

const publicReport = ({ lines, errors, warnings, notes }: CheckReport): PublicReport => ({
  lines,
  errors: errors.total,
  warnings: warnings.total,
  findings: [...errors.shown, ...warnings.shown, ...notes.shown],
});
