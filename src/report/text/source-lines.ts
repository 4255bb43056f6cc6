import type { SourceMap } from 'node:module';
import { PLACE, readMap } from './source-maps.ts';

/**
 * A stack trace with the places in the source instead of those in the bundle, from the source maps of the build. They are
 * read here and not by Node's own `--enable-source-maps`, which makes every start pay for a bug that almost never comes.
 */
export const inSource = (stack: string): string => {
  const maps = new Map<string, SourceMap | undefined>();
  const mapOf = (path: string): SourceMap | undefined => {
    if (!maps.has(path)) maps.set(path, mapIfAny(path));
    return maps.get(path);
  };
  return stack.replace(PLACE, (place, path: string, line, column) => {
    const { fileName, lineNumber, columnNumber }: Partial<Origin> =
      mapOf(path)?.findOrigin(Number(line), Number(column)) ?? {};
    return fileName === undefined ? place : `${inPackage(fileName)}:${lineNumber}:${columnNumber}`;
  });
};

type Origin = { readonly fileName: string; readonly lineNumber: number; readonly columnNumber: number };

const mapIfAny = (path: string): SourceMap | undefined => {
  try {
    return readMap(path);
  } catch {
    return undefined; // no file of the bundle
  }
};

/** `src/main.ts` of `../src/main.ts`: sources are named from the folder of the bundle. */
const inPackage = (path: string): string => path.replace(/^(\.\.\/)+/, '');
