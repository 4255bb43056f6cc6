import { WHOLE_FILE } from '../findings/finding.ts';
import type { Notebook } from '../findings/notebook.ts';
import type { Line, PurposeRules } from '../rules/rule.ts';
import { createBlanks, isBlank } from './blanks.ts';
import { type Document, guess, guessAtEnd } from './document.ts';
import { unreadable } from './encoding.ts';
import type { LineCheck } from './line-check.ts';
import type { LineSink } from './lines.ts';
import { firstBadByte, isUtf8, REPLACEMENT } from './utf8.ts';

export type Content = LineSink & {
  /** How many lines there were, blank ones too. */
  lines(): number;
  end(): void;
  /** Instead of `end`, where not all lines came. */
  stop(): void;
};

export type ContentOptions = {
  readonly notes: Notebook;
  readonly check: LineCheck;
  readonly rules: PurposeRules;
  readonly maxLineBytes: number;
  /** The number of the first line. */
  readonly firstLine: number;
  /** Whether a byte order mark at the start of the file is accepted. */
  readonly acceptsMark: boolean;
};

/** Decodes lines, and decides from the first of them whether the file is one of lines at all. */
export function createContent(options: ContentOptions): Content {
  const { notes, check, rules, maxLineBytes, firstLine, acceptsMark } = options;
  const blanks = createBlanks(notes);
  let [number, records] = [firstLine - 1, 0];
  // One finding says all of a file that is not one of lines: nothing else is looked at.
  let isOfLines = true;
  let first: Line[] | undefined = [];

  const stop = (): void => {
    isOfLines = false;
    first = undefined;
  };
  const release = (): void => {
    const held = first ?? [];
    first = undefined;
    for (const line of held) check.add(line);
  };
  const begin = (): void => {
    blanks.inside();
    records += 1;
  };

  /** Holds the first lines until they show what the file is. */
  const hold = (line: Line, held: Line[]): void => {
    held.push(line);
    const found = guess(held.map(({ text }) => text));
    if (found === 'lines') release();
    else if (found !== 'open') {
      noteDocument(found, held[0]?.number ?? 1, notes);
      stop();
    }
  };

  const text = (decoded: string, bytes: number): void => {
    const withoutMark = decoded.charCodeAt(0) === MARK ? decoded.slice(1) : decoded;
    if (withoutMark !== decoded && !(acceptsMark && number === firstLine)) noteMark(number, notes);
    if (isBlank(withoutMark)) {
      blanks.add(number);
      return;
    }
    begin();
    const line = { number, text: withoutMark, bytes };
    if (first) hold(line, first);
    else check.add(line);
  };

  return {
    line: (bytes, start, end) => {
      number += 1;
      if (!isOfLines) return;
      if (number === firstLine && noteUnreadable(bytes.subarray(start, end), notes)) return stop();
      const decoded = bytes.toString('utf8', start, end);
      if (!decoded.includes(REPLACEMENT) || isUtf8(bytes.subarray(start, end))) return text(decoded, end - start);
      begin();
      release();
      noteBytes(bytes.subarray(start, end), number, notes);
    },
    tooLong: () => {
      number += 1;
      if (!isOfLines) return;
      begin();
      release();
      const says = `this line has more than ${maxLineBytes} bytes: it was not checked`;
      notes.add('line-too-long', { line: number, column: null }, says);
    },
    lines: () => number - firstLine + 1,
    stop: () => {
      release();
      if (isOfLines) rules.settle();
    },
    end: () => {
      if (first?.[0] && guessAtEnd(first.map(line => line.text)) === 'json-array') {
        noteDocument('json-array', first[0].number, notes);
        stop();
      }
      release();
      if (!isOfLines) return;
      blanks.atEnd();
      rules.settle();
      if (records > 0) rules.end(records);
      else notes.add('no-lines', WHOLE_FILE, 'the file holds blank lines only');
    },
  };
}

const MARK = 0xfeff;

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

function noteDocument(document: Document, line: number, notes: Notebook): void {
  const place = { line, column: null };
  if (document === 'json-array')
    notes.add(
      document,
      place,
      'the file is one JSON array: JSONL has one object on each line, and no brackets around them',
      "convert it: jq -c '.[]' in.json > out.jsonl",
    );
  else
    notes.add(
      document,
      place,
      'the file has objects over several lines: JSONL has one whole object on each line',
      'convert it: jq -c . in.json > out.jsonl',
    );
}
