import type { Finding } from '../../core/model/check.ts';
import type { Summary } from '../../core/schema/results/checked.ts';
import { summaryLines } from './check-summary.ts';
import { counted, bytes as size } from './format.ts';
import { fileLine, INDENT, printable, printableName } from './text.ts';

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
  readonly notes: Findings;
  readonly summary: Summary | null;
};

type Label = 'error' | 'warning' | 'note';

/** Errors need no label. */
const LABELS: Readonly<Record<Label, string>> = { error: '', warning: 'warning: ', note: 'note: ' };

/** Findings as `file:line:column: message [rule]`, indented, then how it ended, and what a good file holds. */
export const checkedLines = (checked: Checked, quiet: boolean): readonly string[] => [
  ...findingLines(checked.path, checked.errors, 'error', quiet),
  ...(quiet ? [] : findingLines(checked.path, checked.warnings, 'warning', quiet)),
  ...(quiet ? [] : findingLines(checked.path, checked.notes, 'note', quiet)),
  ...(checked.errors.total > 0 ? [`oai-upload: ${printable(invalidMessage(checked))}`] : []),
  ...(checked.errors.total === 0 && !quiet ? readyLines(checked) : []),
];

/** What is wrong with a file, in one sentence. */
export const invalidMessage = ({ path, purpose, errors }: Checked): string =>
  `${path} has ${counted(errors.total, 'error')} for the purpose ${purpose}`;

function findingLines(path: string, { shown, total }: Findings, label: Label, quiet: boolean): readonly string[] {
  const hinted = new Set<string>();
  const lines = shown.flatMap(finding => {
    const { rule, message, hint } = finding;
    const line = `${INDENT}${placeOf(path, finding)}: ${LABELS[label]}${printable(message)} [${rule}]`;
    if (quiet || hint === undefined || hinted.has(hint)) return [line];
    hinted.add(hint);
    return [line, `${INDENT}${INDENT}hint: ${printable(hint)}`];
  });
  const more = total - shown.length;
  return more > 0 ? [...lines, fileLine(path, `${LABELS[label]}and ${counted(more, `more ${label}`)}`)] : lines;
}

const placeOf = (path: string, { line, column }: Finding): string =>
  [printableName(path), line, column].filter(part => part !== null).join(':');

function readyLines({ path, purpose, bytes, lines, summary }: Checked): readonly string[] {
  const what =
    lines === null ? `${size(bytes)}, the content was not checked` : `${counted(lines, 'line')}, ${size(bytes)}`;
  return [
    fileLine(path, `ready for ${printable(purpose)} (${what})`),
    ...(summary === null ? [] : summaryLines(summary, purpose)),
  ];
}
