/**
 * The words of a command as a shell would part them, and nothing else that a shell does: spaces part words, quotes and
 * backslashes keep them together, no variable or pattern is replaced. Nothing where a quote is not closed, or there is
 * no word.
 */
export const commandWords = (command: string): readonly [program: string, ...args: string[]] | undefined => {
  const words = [...command.matchAll(WORD)].map(([, word = '']) => word);
  if (command.replace(WORD, '').trim() !== '') return undefined;
  const [program, ...args] = words.map(plain);
  return program ? [program, ...args] : undefined;
};

const WORD = /\s*((?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+)/gs;
const PIECE = /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/gs;

const plain = (word: string): string =>
  word.replace(PIECE, (_all, single?: string, double?: string, escaped?: string) =>
    double === undefined ? (single ?? escaped ?? '') : double.replace(/\\(["\\$`])/g, '$1'),
  );
