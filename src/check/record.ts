import type { Notebook } from './finding.ts';
import { findJsonFault } from './json-fault.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** What a purpose asks of the lines of a file. */
export type Rules = {
  record(value: JsonObject, line: number): void;
  /** After the last line. */
  end(lines: number): void;
};

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object that a line holds; anything else is noted. */
export function readRecord(text: string, line: number, notes: Notebook): JsonObject | undefined {
  const value = parsed(text, line, notes);
  if (value === undefined || isObject(value)) return value;
  notes.error({ line }, 'not-an-object', `each line must be a JSON object, this one is ${kindOf(value)}`);
  return undefined;
}

/** Nothing but what JSON takes for space. */
export const isBlank = (text: string): boolean => /^[ \t\r]*$/.test(text);

function parsed(text: string, line: number, notes: Notebook): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Node's versions word their errors differently, and few tell the column.
    const fault = notes.isFull() ? undefined : findJsonFault(text);
    notes.error({ line, column: fault && fault.index + 1 }, 'invalid-json', fault?.message ?? 'this line is not JSON');
    return undefined;
  }
}

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
};
