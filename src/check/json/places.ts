import { type Path, scan } from './scan.ts';

/** Where the value at a path begins, or the nearest value around it that is there; from 0. */
export const indexOfPath = (text: string, path: Path): number => {
  let nearest = 0;
  scan(text, {
    value: (at, index) => {
      if (!isBeginning(at, path)) return undefined;
      nearest = index;
      return at.length === path.length ? index : undefined;
    },
  });
  return nearest;
};

const isBeginning = (start: Path, path: Path): boolean => start.every((key, depth) => key === path[depth]);

/** Names that decide what a line means: of two values the service sees one. */
const NAMES: ReadonlySet<string> = new Set(['messages', 'role', 'content', 'custom_id', 'url', 'body', 'model']);

export type DuplicateKey = { readonly name: string; readonly index: number };

/** The second place of a name that one object has twice. */
export const findDuplicateKey = (text: string): DuplicateKey | undefined =>
  scan(text, {
    name: (name, index, names) => {
      if (names.has(name) && NAMES.has(name)) return { name, index };
      names.add(name);
      return undefined;
    },
  });

// The second alternative is one half of a pair; the first and the last step over everything else that is escaped.
const ESCAPES = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(u[dD][89a-fA-F][\da-fA-F]{2})|.)/gs;

/** Where half of a surrogate pair is written; from 0. */
export const findLoneSurrogate = (text: string): number | undefined => {
  for (const { 1: half, index } of text.matchAll(ESCAPES)) if (half !== undefined) return index;
  return undefined;
};
