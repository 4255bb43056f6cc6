/** One thing that is wrong, or looks wrong. */
export type Finding = {
  /** From 1; null where it is about the file as a whole. */
  readonly line: number | null;
  /** From 1, in characters of the line, in bytes where it is not UTF-8; null where it is about the line as a whole. */
  readonly column: number | null;
  /** A stable word, for scripts. */
  readonly reason: string;
  readonly message: string;
};

/** The first findings, and how many there are. */
export type Findings = { readonly shown: readonly Finding[]; readonly total: number };

export type Place = { readonly line: number | null; readonly column?: number | undefined };

/** Where rules put what they find. */
export type Notebook = {
  error(place: Place, reason: string, message: string): void;
  warning(place: Place, reason: string, message: string): void;
  /** Further errors are counted only: their text is not shown. */
  isFull(): boolean;
  errors(): Findings;
  warnings(): Findings;
};

/** As many findings of a file are kept; the others are counted. */
export const MAX_SHOWN = 20;

export const createNotebook = (): Notebook => {
  const [errors, warnings] = [createPage(), createPage()];
  return {
    error: errors.add,
    warning: warnings.add,
    isFull: () => errors.read().total >= MAX_SHOWN,
    errors: errors.read,
    warnings: warnings.read,
  };
};

function createPage() {
  const shown: Finding[] = [];
  let total = 0;
  return {
    add: ({ line, column }: Place, reason: string, message: string): void => {
      total += 1;
      if (shown.length < MAX_SHOWN) shown.push({ line, column: column ?? null, reason, message });
    },
    read: (): Findings => ({ shown, total }),
  };
}

/** A value of the file in a sentence: as JSON, and not too long. */
export const quoted = (value: unknown): string => {
  if (value === undefined) return 'missing';
  // Only the start of a long one is shown, so that only the start is turned into JSON.
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, LONGEST_QUOTE + 1)) : nameOfKind(value);
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
};

const LONGEST_QUOTE = 60;

const nameOfKind = (value: unknown): string => {
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
};
