/** What is shown at most of a text from outside, in UTF-16 units. */
export const LONGEST_FOREIGN_TEXT = 1000;

/** The beginning of a text, with an ellipsis where it was longer. Never ends with half a character. */
export const cutText = (text: string, most = LONGEST_FOREIGN_TEXT): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
