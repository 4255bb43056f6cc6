// The man macros, as far as a manual page of ours needs them.

export const section = (name: string, lines: readonly string[]): string =>
  `.SH ${name.toUpperCase()}\n${lines.join('\n')}`;

export const item = (term: string, body: readonly string[]): readonly string[] => ['.TP', term, ...body];

export const bold = (words: string): string => `\\fB${text(words)}\\fR`;
export const italic = (words: string): string => `\\fI${text(words)}\\fR`;
export const quoted = (words: string): string => `"${text(words)}"`;

/** A line that troff takes as it is. */
export const text = (words: string): string =>
  words.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('~', '\\(ti').replace(/^[.']/, '\\&$&');

/** What is to be copied: quotes stay as they are typed. */
export const verbatim = (line: string): string =>
  text(line).replaceAll("'", '\\(aq').replaceAll('`', '\\(ga').replaceAll('^', '\\(ha');
