import type { PushResult } from '../../core/outcome/result.ts';
import { fieldOf, RESULT_FIELDS, type ResultFormat } from '../../core/outcome/result-format.ts';
import { jsonLine, printableName } from '../text/text.ts';

/** How results become text: what stands above all of them, and what is written for each. */
export type ResultForm = { readonly head: string; text(result: PushResult): string };

/** Without a format the ids of the files that are at the server, one a line. */
export const resultForm = (format: ResultFormat | undefined): ResultForm => {
  switch (format) {
    case undefined:
      return { head: '', text: result => (isThere(result) && result.file_id !== null ? `${result.file_id}\n` : '') };
    case 'json':
      return { head: '', text: jsonLine };
    case 'csv':
      return table(',', quoted);
    case 'tsv':
      return table('\t', value => value);
    default:
      return {
        head: '',
        text: result => (isThere(result) || result.status === 'planned' ? filledIn(format, result) : ''),
      };
  }
};

const isThere = ({ status }: PushResult): boolean => status === 'completed' || status === 'skipped';

const filledIn = (pieces: Extract<ResultFormat, readonly unknown[]>, result: PushResult): string =>
  `${pieces.map(piece => (typeof piece === 'string' ? piece : shown(fieldOf(result, piece.field)))).join('')}\n`;

/** A row for every file, failed ones too. */
const table = (separator: string, cell: (value: string) => string): ResultForm => {
  const row = (values: readonly string[]): string => `${values.map(cell).join(separator)}\n`;
  return {
    head: row(RESULT_FIELDS),
    text: result => row(RESULT_FIELDS.map(field => shown(fieldOf(result, field)))),
  };
};

/** Neither a line end nor a tab: a row is one line. */
const shown = printableName;

/** As RFC 4180 has it. */
const quoted = (value: string): string => (/[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
