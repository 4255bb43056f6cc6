import type { Notebook } from './finding.ts';
import type { LineSink } from './lines.ts';
import { isBlank, type Rules, readRecord } from './record.ts';
import { firstBadByte, isUtf16 } from './utf8.ts';

/** What is asked of every line, whatever the purpose: text, JSON, one object, no blank lines; then the rules. */
export const createLineCheck = (rules: Rules, notes: Notebook, maxLineBytes: number) => {
  const records = createRecords(rules, notes);
  // UTF-16 has no line that can be read: one finding says it all.
  let isReadable = true;
  const sink: LineSink = {
    text: (text, line) => {
      if (isReadable) records.add(withoutMark(text, line, notes), line);
    },
    bytes: (bytes, line) => {
      if (!isReadable) return;
      isReadable = line > 1 || !isUtf16(bytes);
      records.begin();
      noteBytes(bytes, line, notes);
    },
    tooLong: line => {
      if (!isReadable) return;
      records.begin();
      notes.error({ line }, 'line-too-long', `this line has more than ${maxLineBytes} bytes: ${ONE_OBJECT}`);
    },
  };
  const end = (): void => {
    if (isReadable) records.end();
  };
  return { sink, end };
};

/** Lines that hold something, apart from blank ones. */
function createRecords(rules: Rules, notes: Notebook) {
  const blanks = createBlanks(notes);
  let count = 0;
  const begin = (): void => {
    blanks.inside();
    count += 1;
  };
  const record = (json: string, line: number): void => {
    begin();
    const value = readRecord(json, line, notes);
    if (value) rules.record(value, line);
  };
  const end = (): void => {
    blanks.atEnd();
    if (count > 0) rules.end(count);
    else notes.error({ line: null }, 'no-lines', 'the file holds blank lines only');
  };
  return { begin, end, add: (json: string, line: number) => (isBlank(json) ? blanks.add(line) : record(json, line)) };
}

const ONE_OBJECT = 'JSONL has one JSON object on each line';

/** Blank lines at the end do no harm; whether they are at the end is known only later. */
function createBlanks(notes: Notebook) {
  let first = 0;
  let last = 0;
  return {
    add: (line: number): void => {
      if (first === 0) first = line;
      last = line;
    },
    inside: (): void => {
      if (first === 0) return;
      for (let line = first; line <= last; line += 1)
        notes.error({ line }, 'blank-line', 'this line is blank: remove it');
      first = 0;
    },
    atEnd: (): void => {
      if (first > 0) notes.warning({ line: first }, 'blank-lines-at-end', 'the file ends in blank lines');
    },
  };
}

const MARK = 0xfeff;

/** A byte order mark is noted and taken off, so that what follows it is checked too. */
function withoutMark(text: string, line: number, notes: Notebook): string {
  if (text.charCodeAt(0) !== MARK) return text;
  const message =
    line === 1
      ? 'the file begins with a byte order mark: save it as UTF-8 without one ("UTF-8", not "UTF-8 with BOM")'
      : 'this line begins with a byte order mark, as where files were joined: remove it';
  notes.error({ line, column: 1 }, 'byte-order-mark', message);
  return text.slice(1);
}

function noteBytes(bytes: Uint8Array, line: number, notes: Notebook): void {
  const isOfFile = line === 1 && isUtf16(bytes);
  const index = isOfFile || notes.isFull() ? 0 : firstBadByte(bytes);
  const message = isOfFile
    ? 'the file is UTF-16: save it as UTF-8'
    : `byte ${index + 1} of this line (0x${(bytes[index] ?? 0).toString(16)}) is not UTF-8: save the file as UTF-8`;
  notes.error({ line, column: index + 1 }, 'not-utf8', message);
}
