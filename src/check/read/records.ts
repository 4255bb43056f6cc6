import { WHOLE_FILE } from '../findings/finding.ts';
import type { Notebook } from '../findings/notebook.ts';
import type { Line, PurposeRules } from '../rules/rule.ts';
import { createBlanks } from './blanks.ts';
import type { LineCheck } from './line-check.ts';
import { createOpening } from './opening.ts';

export type RecordsOptions = { readonly notes: Notebook; readonly check: LineCheck; readonly rules: PurposeRules };

/** The lines of a file: which of them are blank, and what the rules of the purpose say when they end. */
export function createRecords({ notes, check, rules }: RecordsOptions) {
  const blanks = createBlanks(notes);
  const opening = createOpening(check, notes);
  let count = 0;
  const begin = (): void => {
    blanks.inside();
    count += 1;
  };
  return {
    /** Whether the file may still be one of lines. */
    areOpen: opening.isOfLines,
    refuse: opening.refuse,
    blank: blanks.add,
    add: (line: Line): void => {
      begin();
      opening.add(line);
    },
    /** A line that counts, and that no rule can read. */
    addUnreadable: (): void => {
      begin();
      opening.release();
    },
    /** Not all lines came. */
    stop: (): void => {
      opening.release();
      if (opening.isOfLines()) rules.settle();
    },
    end: (): void => {
      opening.end();
      if (!opening.isOfLines()) return;
      blanks.atEnd();
      rules.settle();
      if (count > 0) rules.end(count);
      else notes.add('no-lines', WHOLE_FILE, 'the file holds blank lines only');
    },
  };
}
