import type { RuleName } from '../findings/catalog.ts';
import { type Place, WHOLE_FILE } from '../findings/finding.ts';
import type { Notebook } from '../findings/notebook.ts';
import type { JsonObject } from '../json/object.ts';
import { indexOfPath } from '../json/places.ts';
import type { Path } from '../json/scan.ts';

/** A line that holds a JSON object. */
export type Line = {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Without its end. */
  readonly bytes: number;
};

/** One rule about one value, without memory of other lines. */
export type Rule<Subject, Context = undefined> = {
  readonly rule: RuleName;
  /** The field that it is about, within the value. */
  readonly at?: string;
  fails(subject: Subject, context: Context): boolean;
  /** What is wrong; `name` is where the field stands in the line, such as `messages[2].weight`. */
  says(subject: Subject, name: string, context: Context): string;
  readonly hint?: string;
};

/** What a purpose asks of the lines of a file. */
export type PurposeRules = {
  line(value: JsonObject, line: Line): void;
  /** Writes down what only the lines together show. */
  settle(): void;
  /** After the last line; `lines` counts those that are not blank. */
  end(lines: number): void;
};

/** Writes down each rule that a value breaks. */
export function apply<Subject, Context>(
  rules: readonly Rule<Subject, Context>[],
  subject: Subject,
  context: Context,
  { line, path, notes }: { readonly line: Line; readonly path: Path; readonly notes: Notebook },
): void {
  for (const rule of rules) {
    if (!rule.fails(subject, context)) continue;
    const at = rule.at === undefined ? path : [...path, rule.at];
    notes.add(rule.rule, placeOf(rule.rule, line, at, notes), rule.says(subject, nameOf(at), context), rule.hint);
  }
}

/** Where a value stands; the column is left out where nothing more is shown. */
export const placeOf = (rule: RuleName, line: Line, path: Path, notes: Notebook): Place =>
  notes.isFull(rule) ? { line: line.number, column: null } : exactPlace(line, path);

export const exactPlace = ({ number, text }: Line, path: Path): Place => ({
  line: number,
  column: path.length === 0 ? null : indexOfPath(text, path) + 1,
});

/** `['messages', 2, 'weight']` → `messages[2].weight`. */
export const nameOf = (path: Path): string =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${key}`)).join('');

/** Counts, and complains when the first of too many comes. */
export function limitTo(
  most: number,
  notes: Notebook,
  { rule, says }: { readonly rule: RuleName; says(count: number): string },
) {
  let count = 0;
  return {
    add: (more: number): void => {
      count += more;
      if (count > most) notes.expect(rule);
    },
    end: (): void => {
      if (count > most) notes.add(rule, WHOLE_FILE, says(count));
    },
  };
}
