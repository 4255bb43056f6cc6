import { type TextStream, windowColumns } from '../../report/output/streams.ts';

/** Writes lines; to a window as rows that fit. The widths of characters are loaded only for one. */
export const linesTo = async (stream: TextStream): Promise<(lines: readonly string[]) => void> => {
  const columns = windowColumns(stream);
  const rowsOf = columns === undefined ? undefined : (await import('../../report/text/wrap.ts')).folded;
  return lines => void stream.write(`${lines.flatMap(line => rowsOf?.(line, columns) ?? line).join('\n')}\n`);
};
