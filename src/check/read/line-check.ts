import type { Notebook } from '../findings/notebook.ts';
import { causeOf } from '../json/cause.ts';
import { countNames, measure } from '../json/measure.ts';
import { isObject, type JsonObject } from '../json/object.ts';
import { findDuplicateKey, findLoneSurrogate } from '../json/places.ts';
import type { Line, PurposeRules } from '../rules/rule.ts';
import type { SummaryWriter } from '../summary.ts';

export type LineCheck = {
  /** A line that is not blank. */
  add(line: Line): void;
};

/** What is asked of every line, whatever the purpose: JSON, and an object; then the rules of the purpose. */
export function createLineCheck(rules: PurposeRules, notes: Notebook, summary: SummaryWriter): LineCheck {
  const object = (value: JsonObject, line: Line): void => {
    rules.line(value, line);
    const measured = measure(value);
    if (measured.hasLoneSurrogate) noteSurrogate(line, notes);
    if (measured.names !== countNames(line.text)) noteDuplicate(line, notes);
    summary.line(line, value, measured);
  };
  return {
    add: line => {
      const value = parsed(line, notes);
      if (isObject(value)) object(value, line);
      else if (value !== undefined) {
        const says = `each line must be a JSON object, and this one is ${kindOf(value)}`;
        notes.add('not-an-object', { line: line.number, column: null }, says);
      }
    },
  };
}

function parsed({ text, number }: Line, notes: Notebook): unknown {
  try {
    return JSON.parse(text);
  } catch {
    noteFault(text, number, notes);
    return undefined;
  }
}

/** Node's versions word their errors differently, and few tell the column. */
function noteFault(text: string, line: number, notes: Notebook): void {
  if (notes.isFull('invalid-json')) {
    notes.add('invalid-json', { line, column: null }, '');
    return;
  }
  const { rule, index, message, hint } = causeOf(text);
  notes.add(rule, { line, column: index + 1 }, message, hint);
}

function noteSurrogate({ text, number }: Line, notes: Notebook): void {
  const index = notes.isFull('lone-surrogate') ? undefined : findLoneSurrogate(text);
  const says = 'half of a surrogate pair: the character is lost when the file is read';
  notes.add('lone-surrogate', { line: number, column: index === undefined ? null : index + 1 }, says);
}

/** The count of names is a first look only. */
function noteDuplicate({ text, number }: Line, notes: Notebook): void {
  const found = findDuplicateKey(text);
  if (!found) return;
  const says = `"${found.name}" is in this object twice: only one of them is read`;
  notes.add('duplicate-key', { line: number, column: found.index + 1 }, says);
}

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
};
