import { WHOLE_FILE } from '../findings/finding.ts';
import type { Notebook } from '../findings/notebook.ts';
import { isBlank } from './blanks.ts';
import { unreadable } from './encoding.ts';
import type { LineSink } from './lines.ts';
import { createRecords, type RecordsOptions } from './records.ts';
import { firstBadByte, isUtf8, REPLACEMENT } from './utf8.ts';

export type Content = LineSink & {
  /** How many lines there were, blank ones too. */
  lines(): number;
  end(): void;
  /** Instead of `end`, where not all lines came. */
  stop(): void;
};

export type ContentOptions = RecordsOptions & {
  readonly maxLineBytes: number;
  /** The number of the first line. */
  readonly firstLine: number;
  /** Whether a byte order mark at the start of the file is accepted. */
  readonly acceptsMark: boolean;
};

/** Decodes lines. What they hold goes on to the records, while the file is one of lines at all. */
export function createContent(options: ContentOptions): Content {
  const { notes, maxLineBytes, firstLine, acceptsMark } = options;
  const records = createRecords(options);
  let number = firstLine - 1;

  const add = (decoded: string, bytes: number): void => {
    const line = { number, text: withoutMark(decoded), bytes };
    if (line.text !== decoded && !(acceptsMark && number === firstLine)) noteMark(number, notes);
    if (isBlank(line.text)) records.blank(number);
    else records.add(line);
  };

  return {
    line: (bytes, start, end) => {
      number += 1;
      if (!records.areOpen()) return;
      if (number === firstLine && noteUnreadable(bytes.subarray(start, end), notes)) return records.refuse();
      const decoded = bytes.toString('utf8', start, end);
      if (!decoded.includes(REPLACEMENT) || isUtf8(bytes.subarray(start, end))) return add(decoded, end - start);
      records.addUnreadable();
      noteBytes(bytes.subarray(start, end), number, notes);
    },
    tooLong: () => {
      number += 1;
      if (!records.areOpen()) return;
      records.addUnreadable();
      const says = `this line has more than ${maxLineBytes} bytes: it was not checked`;
      notes.add('line-too-long', { line: number, column: null }, says);
    },
    lines: () => number - firstLine + 1,
    stop: records.stop,
    end: records.end,
  };
}

const MARK = 0xfeff;

const withoutMark = (decoded: string): string => (decoded.charCodeAt(0) === MARK ? decoded.slice(1) : decoded);

function noteMark(line: number, notes: Notebook): void {
  const says =
    line === 1
      ? 'the file begins with a byte order mark'
      : 'this line begins with a byte order mark, as where files were joined: remove it';
  const hint = 'save it as UTF-8 without one ("UTF-8", not "UTF-8 with BOM")';
  notes.add('byte-order-mark', { line, column: 1 }, says, line === 1 ? hint : undefined);
}

function noteUnreadable(start: Uint8Array, notes: Notebook): boolean {
  const found = unreadable(start);
  if (found) notes.add(found.rule, WHOLE_FILE, found.message, found.hint);
  return found !== undefined;
}

function noteBytes(bytes: Uint8Array, line: number, notes: Notebook): void {
  const index = notes.isFull('not-utf8') ? 0 : firstBadByte(bytes);
  const byte = (bytes[index] ?? 0).toString(16);
  const says = `byte ${index + 1} of this line (0x${byte}) is not UTF-8: save the file as UTF-8`;
  notes.add('not-utf8', { line, column: index + 1 }, says);
}
