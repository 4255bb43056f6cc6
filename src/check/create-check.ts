import type { CheckReport, Finding, RunningCheck, StartCheck } from '../core/model/check.ts';
import { checkWhole, MAX_LINE_BYTES } from './check-file.ts';
import { createNotebook, type Findings } from './finding.ts';
import { createLineCheck } from './line-check.ts';
import { createLineReader } from './lines.ts';
import { rulesOf } from './rules.ts';

/** A check that is fed with the bytes of a file as they come. */
export const createCheck: StartCheck = ({ filename, purpose, bytes, strict }): RunningCheck => {
  const notes = createNotebook();
  checkWhole({ name: filename, purpose, bytes }, notes);
  const rules = rulesOf(purpose, notes);
  const lineCheck = rules && createLineCheck(rules, notes, MAX_LINE_BYTES);
  const reader = lineCheck && createLineReader(lineCheck.sink, MAX_LINE_BYTES);
  const report = (lines: number | null): CheckReport => {
    const [errors, warnings] = [notes.errors(), notes.warnings()];
    return {
      lines,
      errors: errors.total + (strict ? warnings.total : 0),
      warnings: strict ? 0 : warnings.total,
      findings: [...findings('error', errors), ...findings(strict ? 'error' : 'warning', warnings)],
    };
  };
  return {
    write: chunk => reader?.push(chunk),
    get failed() {
      return report(null).errors > 0;
    },
    report: () => report(null),
    end: () => {
      const lines = reader?.end() ?? null;
      lineCheck?.end();
      return report(lines);
    },
  };
};

const findings = (level: Finding['level'], { shown }: Findings): readonly Finding[] =>
  shown.map(({ reason, ...finding }) => ({ rule: reason, level, ...finding }));
