import type { CheckReport, Finding } from '../../core/model/check.ts';
import { printable, printableName } from './text.ts';

/** Findings that are shown under a failure; `--json` has more of them. */
const SHOWN = 5;

/** The first findings of a check, a line each. */
export const findingsOf = ({ findings, errors, warnings }: CheckReport, path: string): readonly string[] => {
  const more = errors + warnings - Math.min(SHOWN, findings.length);
  return [
    ...findings.slice(0, SHOWN).map(finding => `  ${placeOf(finding)}${levelOf(finding)}${printable(finding.message)}`),
    ...(more > 0
      ? [`  and ${more} more: oai-upload check ${printableName(path)} with the same --purpose shows them`]
      : []),
  ];
};

const levelOf = ({ level }: Finding): string => (level === 'warning' ? 'warning: ' : '');

const placeOf = ({ line, column }: Finding): string => {
  if (line === null) return '';
  return column === null ? `line ${line}: ` : `line ${line}, column ${column}: `;
};
