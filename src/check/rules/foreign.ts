import type { Notebook } from '../findings/notebook.ts';
import { isObject, type JsonObject } from '../json/object.ts';
import type { Line } from './rule.ts';

/** What lines of another kind of file look like. */
type Kind = 'batch' | 'fine-tune' | 'evals' | 'result';

const kindOf = (value: JsonObject): Kind | undefined => {
  if ('custom_id' in value && !('body' in value) && ('response' in value || 'error' in value)) return 'result';
  if ('custom_id' in value && ('body' in value || 'url' in value)) return 'batch';
  if (Array.isArray(value['messages']) || isObject(value['input']) || 'preferred_output' in value) return 'fine-tune';
  if (typeof value['prompt'] === 'string' && 'completion' in value) return 'fine-tune';
  return isObject(value['item']) ? 'evals' : undefined;
};

/** Notices lines of another kind of file, and says so once. */
export function createForeignLines(purpose: 'batch' | 'fine-tune', notes: Notebook) {
  const seen = new Set<Kind>();
  return {
    /** Whether this line is of another kind, and no rule of the purpose says more about it. */
    has: (value: JsonObject, { number }: Line): boolean => {
      const kind = kindOf(value);
      if (kind === undefined || kind === purpose) return false;
      if (!seen.has(kind)) tell(kind, { line: number, column: null }, purpose, notes);
      seen.add(kind);
      return true;
    },
    any: (): boolean => seen.size > 0,
  };
}

function tell(kind: Kind, place: { line: number; column: null }, purpose: string, notes: Notebook): void {
  if (kind === 'result')
    notes.add('result-file', place, 'this is a line of a result file (response, error): a batch made it', FROM_INPUT);
  else
    notes.add(
      'wrong-purpose',
      place,
      `this is a line for the purpose ${kind}, not ${purpose} (${FIELDS[kind]})`,
      `use --purpose ${kind}`,
    );
}

const FROM_INPUT = 'upload the file that was the input of the batch';

const FIELDS = {
  batch: 'custom_id, url, body',
  'fine-tune': 'messages, preferred outputs or prompt and completion',
  evals: 'item',
} as const;
