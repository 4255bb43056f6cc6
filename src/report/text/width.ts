import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';

/** Columns that a text takes on a screen: two for an emoji or a wide character, none for a combining mark or a colour. */
export const widthOf = (text: string): number => stringWidth(text);

/** The text cut at its end to so many columns. */
export const cut = (text: string, columns: number, ellipsis = '…'): string => truncated(text, columns, 'end', ellipsis);

/** The name cut at its start, since paths differ at their end, and filled up to so many columns. */
export const column = (text: string, columns: number, ellipsis = '…'): string =>
  filled(truncated(text, columns, 'start', ellipsis), columns);

/** The text filled up with spaces. */
export const filled = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - widthOf(text)));

function truncated(text: string, columns: number, position: 'start' | 'end', ellipsis: string): string {
  if (columns <= widthOf(ellipsis)) return widthOf(text) <= columns ? text : ellipsis.slice(0, Math.max(0, columns));
  // Half of a wide character finds no room: cli-truncate then takes the whole.
  for (let room = columns; ; room -= 1) {
    const kept = cliTruncate(text, room, { position, truncationCharacter: ellipsis });
    if (widthOf(kept) <= columns) return kept;
  }
}
