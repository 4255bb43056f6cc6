/**
 * The paths of a list: one a line, or, where it holds a NUL, each ended by one, as `find -print0` writes them. Nothing
 * in it is a comment or an option, and a lone `-` is the file of that name.
 */
export const pathsIn = (text: string): readonly string[] =>
  text
    .replace(/^\ufeff/, '')
    .split(text.includes('\0') ? '\0' : /\r?\n/)
    .filter(path => path !== '')
    .map(path => (path === '-' ? './-' : path));
