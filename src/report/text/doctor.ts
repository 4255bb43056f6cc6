import type { UploadError } from '../../core/errors/errors.ts';
import { resultError } from '../../core/outcome/result.ts';
import type { DoctorLine, Verdict } from '../../core/schema/results/doctor.ts';
import { counted } from './format.ts';
import { printable } from './text.ts';
import { hanging } from './wrap.ts';

/** One thing that was looked at. */
export type Checked = {
  readonly check: string;
  readonly verdict: Verdict;
  readonly message: string;
  readonly hint: string | undefined;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly error?: UploadError;
};

const [CHECK_COLUMNS, VERDICT_COLUMNS] = [10, 9];

/** A row of the table, with its hint below; wrapped in a window of so many columns. */
export const checkRow = ({ check, verdict, message, hint }: Checked, columns?: number): readonly string[] => {
  const label = `${check.padEnd(CHECK_COLUMNS)}${verdict.padEnd(VERDICT_COLUMNS)}`;
  return [
    hanging(label, printable(message), columns),
    ...(hint === undefined ? [] : [hanging(' '.repeat(label.length), `hint: ${printable(hint)}`, columns)]),
  ];
};

/** What a program is told. Public. */
export const checkFields = ({ check, verdict, message, hint, facts, error }: Checked): DoctorLine => ({
  check,
  verdict,
  message,
  hint: hint ?? null,
  ...facts,
  ...(error && { error: resultError(error) }),
});

/** How it ended, in one sentence. */
export const examinationSummary = (checks: readonly Checked[]): string => {
  const count = (verdict: string): number => checks.filter(one => one.verdict === verdict).length;
  const [failed, warnings] = [count('failed'), count('warning')];
  if (failed > 0) return `an upload would fail from here: ${counted(failed, 'check')} failed`;
  return `Ready to upload${warnings > 0 ? `, ${counted(warnings, 'warning')}` : ''}`;
};
