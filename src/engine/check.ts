import type { CheckReport, StartCheck } from '../core/model/check.ts';

/** Loads the rules of JSONL files: only a push that checks pays for them. */
export const loadCheck = async (): Promise<StartCheck> =>
  withLineNumbers((await import('../check/create-check.ts')).createCheck);

/** Lines are those of the file, also where only some of them are checked. */
const withLineNumbers =
  (start: StartCheck): StartCheck =>
  request => {
    const check = start(request);
    if (request.firstLine === 1) return check;
    const numbered = (report: CheckReport): CheckReport => ({
      ...report,
      findings: report.findings.map(finding => ({
        ...finding,
        line: finding.line === null ? null : finding.line + request.firstLine - 1,
      })),
    });
    return {
      write: check.write,
      get failed() {
        return check.failed;
      },
      report: () => numbered(check.report()),
      end: () => numbered(check.end()),
    };
  };
