import type { UploadError } from '../../core/errors/errors.ts';
import type { PushResult } from '../../core/outcome/result.ts';
import { bytes } from '../text/format.ts';
import { printable, printableName } from '../text/text.ts';

// What GitHub Actions reads: outputs of a step, its summary, and annotations.

/** Lines for $GITHUB_OUTPUT: of the first file, the status of all, and the ids in order. */
export const githubOutputs = (results: readonly PushResult[], delimiter: string): string => {
  const [first] = results;
  const outputs = {
    file_id: first?.file_id,
    upload_id: first?.upload_id,
    bytes: first?.bytes,
    md5: first?.md5,
    status: results.map(({ status }) => status).find(isNotThere) ?? first?.status ?? 'completed',
    file_ids: JSON.stringify(results.map(({ file_id }) => file_id)),
  };
  return Object.entries(outputs)
    .map(([name, value]) => outputLine(name, String(value ?? ''), delimiter))
    .join('');
};

const isNotThere = (status: PushResult['status']): boolean => status !== 'completed' && status !== 'skipped';

/** A value of several lines could set other outputs: it is put between delimiters that it cannot know. */
const outputLine = (name: string, value: string, delimiter: string): string =>
  /[\r\n]/.test(value) ? `${name}<<${delimiter}\n${value}\n${delimiter}\n` : `${name}=${value}\n`;

/** A table for $GITHUB_STEP_SUMMARY. */
export const githubSummary = (results: readonly PushResult[]): string =>
  [
    '### oai-upload',
    '',
    '| File | Status | File id | Size | md5 |',
    '|---|---|---|---|---|',
    ...results.map(row),
    '',
  ].join('\n');

const row = ({ path, status, file_id, bytes: size, md5, error }: PushResult): string => {
  const said = error ? `${status}: ${error.message}` : status;
  return `| ${[path, said, file_id ?? '', size === null ? '' : bytes(size), md5 ?? ''].map(cell).join(' | ')} |`;
};

const cell = (text: string): string =>
  printableName(text)
    .replace(/[\\`*_[\]|~]/g, '\\$&')
    .replace(/[&<>]/g, found => `&#${found.charCodeAt(0)};`);

/** A failure as an annotation of its file. */
export const githubAnnotation = (path: string, { code, message, hint }: UploadError): string => {
  const title = property(`oai-upload: ${code}`);
  const said = withLineEnds(hint ? `${message}\n${hint}` : message);
  return `::error file=${property(printableName(path))},title=${title}::${data(said)}\n`;
};

/** An annotation may have several lines. */
const withLineEnds = (text: string): string =>
  text
    .split(/([\r\n]+)/)
    .map((piece, index) => (index % 2 === 0 ? printable(piece) : piece))
    .join('');

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
