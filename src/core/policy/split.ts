import { sourceError } from '../errors/errors.ts';
import type { ByteRange } from '../model/byte-range.ts';

/** What one File may hold. */
export type SplitLimits = {
  readonly bytes: number;
  readonly lines: number;
  /** By the estimate below. */
  readonly tokens: number;
};

const BATCH_LIMITS: SplitLimits = { bytes: 200_000_000, lines: 50_000, tokens: Number.POSITIVE_INFINITY };
const UPLOAD_LIMITS: SplitLimits = { ...BATCH_LIMITS, bytes: 8 * 1024 ** 3, lines: Number.POSITIVE_INFINITY };

/** What the API accepts for a purpose: 50,000 requests and 200 MB a batch (API reference), 8 GB an Upload. */
export const limitsOf = (purpose: string): SplitLimits => (purpose === 'batch' ? BATCH_LIMITS : UPLOAD_LIMITS);

/** Bytes of JSON for one token: English text has about four characters a token. */
const BYTES_PER_TOKEN = 4;

/** Tokens of so many bytes: an estimate, no tokenizer is asked. */
export const estimatedTokens = (bytes: number): number => Math.ceil(bytes / BYTES_PER_TOKEN);

/** Cuts a file into ranges of whole lines. Fed with its bytes in order, in chunks of any size. */
export type Splitter = {
  write(chunk: Uint8Array): void;
  /** After the last byte. Throws where one line alone is above a limit. */
  end(): readonly ByteRange[];
};

const NEWLINE = 0x0a;

/** Each range is as long as the limits allow. */
export const createSplitter = (limits: SplitLimits): Splitter => {
  const ranges: ByteRange[] = [];
  let open: ByteRange = { start: 0, end: 0, firstLine: 1, lines: 0 };
  let tokens = 0;
  let [lineStart, position] = [0, 0];

  const fits = (bytes: number, more: number): boolean =>
    open.lines < limits.lines && bytes - open.start <= limits.bytes && tokens + more <= limits.tokens;

  const addLine = (end: number): void => {
    const more = estimatedTokens(end - lineStart);
    if (!fits(end, more) && open.lines > 0) {
      ranges.push(open);
      open = { start: lineStart, end: lineStart, firstLine: open.firstLine + open.lines, lines: 0 };
      tokens = 0;
    }
    if (!fits(end, more)) throw lineAboveLimit(open.firstLine, end - lineStart);
    open = { ...open, end, lines: open.lines + 1 };
    tokens += more;
    lineStart = end;
  };

  return {
    write: chunk => {
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) addLine(position + at + 1);
      position += chunk.length;
    },
    end: () => {
      if (position > lineStart) addLine(position);
      return open.lines > 0 ? [...ranges, open] : ranges;
    },
  };
};

const lineAboveLimit = (line: number, bytes: number) =>
  sourceError(
    'line-too-large',
    `line ${line} alone, of ${bytes} bytes, is above the limit of one File`,
    'raise the limit or shorten the line',
  );

/** `data.jsonl`, the second of four → `data-002-of-004.jsonl`. */
export const nameOfPiece = (filename: string, number: number, count: number): string => {
  const [, stem = filename, ending = ''] = /^(.*?)(\.[^.]*)?$/s.exec(filename) ?? [];
  const digits = (one: number): string => String(one).padStart(Math.max(3, String(count).length), '0');
  return `${stem}-${digits(number)}-of-${digits(count)}${ending}`;
};
