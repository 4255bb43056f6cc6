import { usageError } from '../errors/errors.ts';
import type { PushResult } from './result.ts';

/** Fields of a result that hold one value, as `--json` names them. */
export const RESULT_FIELDS = [
  'status',
  'path',
  'file_id',
  'upload_id',
  'filename',
  'purpose',
  'bytes',
  'md5',
  'parts.total',
  'parts.sent',
  'parts.resumed',
  'parts.changed',
  'bytes_sent',
  'bytes_skipped',
  'bytes_resent',
  'retries',
  'duration_ms',
  'part_size',
  'resumable',
  'range.start',
  'range.end',
  'range.first_line',
  'range.lines',
  'error.code',
  'error.reason',
  'error.message',
  'error.hint',
  'error.exit_code',
  'error.http_status',
  'error.request_id',
] as const;

export type ResultField = (typeof RESULT_FIELDS)[number];

/** What `--format` says: a kind of table, or the text of a line with fields in it. */
export type ResultFormat = 'json' | 'csv' | 'tsv' | readonly (string | { readonly field: ResultField })[];

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', '\\': '\\' };
const PIECE = /\\(?<escape>[tn\\])|\{(?<field>[^{}]*)\}|(?<text>[^\\{]+|[\\{])/g;

/**
 * `json`, `csv`, `tsv`, or a text like `{id} {path}` in which `{id}` is `{file_id}`, `\t` a tab, `\n` the end of a line.
 * Throws an UploadError of usage that names the fields where it asks for another.
 */
export const parseFormat = (text: string): ResultFormat | undefined => {
  if (text === '') return undefined;
  if (text === 'json' || text === 'csv' || text === 'tsv') return text;
  return [...text.matchAll(PIECE)].map(({ groups = {} }) => {
    if (groups['field'] !== undefined) return { field: fieldNamed(groups['field']) };
    return groups['escape'] === undefined ? (groups['text'] as string) : (ESCAPES[groups['escape']] as string);
  });
};

const fieldNamed = (name: string): ResultField => {
  const field = RESULT_FIELDS.find(known => known === (name === 'id' ? 'file_id' : name));
  if (field === undefined)
    throw usageError(`--format: a result has no field {${name}}`, `fields are id, ${RESULT_FIELDS.join(', ')}`);
  return field;
};

/** The value of a field as text; empty where it is null or absent. */
export const fieldOf = (result: PushResult, field: ResultField): string => {
  const value = field
    .split('.')
    .reduce<unknown>((inner, name) => (inner as Readonly<Record<string, unknown>> | null)?.[name], result);
  return value === null || value === undefined ? '' : String(value);
};
