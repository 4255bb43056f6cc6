import { counted, bytes as size } from './format.ts';
import { fileLine, INDENT, printable, printableName } from './text.ts';

type Finding = { readonly line: number | null; readonly column: number | null; readonly message: string };

/** The first findings, and how many there are. */
type Findings = { readonly shown: readonly Finding[]; readonly total: number };

/** What was found in a file. */
export type Checked = {
  readonly path: string;
  readonly purpose: string;
  readonly bytes: number;
  /** Null where the content was not looked at. */
  readonly lines: number | null;
  readonly errors: Findings;
  readonly warnings: Findings;
};

/** Findings as compilers print them, `file:line:column: message`, then how it ended. */
export const checkedLines = (checked: Checked, quiet: boolean): readonly string[] => [
  ...findingLines(checked.path, checked.errors, '', 'error'),
  ...(quiet ? [] : findingLines(checked.path, checked.warnings, 'warning: ', 'warning')),
  ...(quiet && checked.errors.total === 0 ? [] : [summary(checked)]),
];

/** What is wrong with a file, in one sentence. */
export const invalidMessage = ({ path, purpose, errors }: Checked): string =>
  `${path} has ${counted(errors.total, 'error')} for the purpose ${purpose}`;

function findingLines(path: string, { shown, total }: Findings, label: string, noun: string): readonly string[] {
  const more = total - shown.length;
  return [
    ...shown.map(finding => `${INDENT}${placeOf(path, finding)}: ${label}${printable(finding.message)}`),
    ...(more > 0 ? [fileLine(path, `${label}and ${counted(more, `more ${noun}`)}`)] : []),
  ];
}

const placeOf = (path: string, { line, column }: Finding): string =>
  [printableName(path), line, column].filter(part => part !== null).join(':');

function summary(checked: Checked): string {
  const { path, purpose, bytes, lines, errors } = checked;
  if (errors.total > 0) return `oai-upload: ${printable(invalidMessage(checked))}`;
  const what =
    lines === null ? `${size(bytes)}, the content was not checked` : `${counted(lines, 'line')}, ${size(bytes)}`;
  return fileLine(path, `ready for ${printable(purpose)} (${what})`);
}
