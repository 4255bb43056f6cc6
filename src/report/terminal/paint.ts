/** Colours for a terminal, or none. */
export type Paint = Readonly<Record<'red' | 'yellow' | 'cyan' | 'dim', (text: string) => string>>;

const codes = { red: [31, 39], yellow: [33, 39], cyan: [36, 39], dim: [2, 22] } as const;

export const createPaint = (color: boolean): Paint => {
  const painter =
    ([on, off]: readonly [number, number]) =>
    (text: string): string =>
      color && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { red: painter(codes.red), yellow: painter(codes.yellow), cyan: painter(codes.cyan), dim: painter(codes.dim) };
};
