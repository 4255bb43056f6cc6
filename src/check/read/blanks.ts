import type { Notebook } from '../findings/notebook.ts';

/** Nothing but what JSON takes for space. */
export const isBlank = (text: string): boolean => /^[ \t\r]*$/.test(text);

/** Blank lines do no harm at the end of a file; whether they are at the end is known later. */
export function createBlanks(notes: Notebook) {
  let [first, last] = [0, 0];
  return {
    add: (line: number): void => {
      if (first === 0) first = line;
      last = line;
    },
    /** A line that is not blank follows. */
    inside: (): void => {
      if (first === 0) return;
      for (let line = first; line <= last; line += 1)
        notes.add('blank-line', { line, column: null }, 'this line is blank: remove it');
      first = 0;
    },
    atEnd: (): void => {
      if (first > 0) notes.add('blank-lines-at-end', { line: first, column: null }, 'the file ends in blank lines');
    },
  };
}
