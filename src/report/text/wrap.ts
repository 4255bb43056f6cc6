import wrapAnsi from 'wrap-ansi';

/** Text below its first line as far in as it began, broken at spaces, and inside a word that is too long. */
export const hanging = (label: string, text: string, columns: number | undefined): string => {
  if (columns === undefined) return `${label}${text}`;
  const room = Math.max(MIN_ROOM, columns - label.length);
  return `${label}${wrapAnsi(text, room, { hard: true }).replaceAll('\n', `\n${' '.repeat(label.length)}`)}`;
};

/** A window that is narrower is left to wrap. */
const MIN_ROOM = 10;
