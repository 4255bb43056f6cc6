import type { Notebook } from '../findings/notebook.ts';
import type { Line } from '../rules/rule.ts';
import { type Document, guess, guessAtEnd } from './document.ts';
import type { LineCheck } from './line-check.ts';

/**
 * Holds the first lines until they show whether the file is one of lines at all; then lines go straight to the check.
 * One finding says all of a file that is not: nothing else of it is looked at.
 */
export function createOpening(check: LineCheck, notes: Notebook) {
  let held: Line[] | undefined = [];
  let isOfLines = true;
  const refuse = (): void => {
    isOfLines = false;
    held = undefined;
  };
  const refuseAs = (document: Document, first: Line): void => {
    noteDocument(document, first.number, notes);
    refuse();
  };
  const release = (): void => {
    const lines = held ?? [];
    held = undefined;
    for (const line of lines) check.add(line);
  };
  return {
    isOfLines: (): boolean => isOfLines,
    refuse,
    /** What comes now decides nothing any more. */
    release,
    add: (line: Line): void => {
      if (!held) {
        check.add(line);
        return;
      }
      held.push(line);
      const found = guess(held.map(({ text }) => text));
      if (found === 'lines') release();
      else if (found !== 'open') refuseAs(found, held[0] ?? line);
    },
    end: (): void => {
      if (held?.[0] && guessAtEnd(held.map(({ text }) => text)) === 'json-array') refuseAs('json-array', held[0]);
      release();
    },
  };
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
