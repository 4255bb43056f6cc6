/** JSON.stringify recurses: this is far below what overflows its stack. */
const MOST_DEPTH = 8;
/** A File of OpenAI has a dozen values; each limit leaves a gateway room for its own. */
const MOST_VALUES = 1000;
const LONGEST_TEXT = 4096;
const MOST_CHARACTERS = 64 * 1024;

type Budget = { values: number; characters: number };

/** A JSON value cut to a size that can be saved and printed: what is too deep is null, what is too much is left out. */
export const pruned = (value: unknown): unknown =>
  prune(value, MOST_DEPTH, { values: MOST_VALUES, characters: MOST_CHARACTERS });

function prune(value: unknown, depth: number, budget: Budget): unknown {
  budget.values -= 1;
  if (typeof value === 'string') return shortened(value, budget);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return null;
  if (Array.isArray(value)) return value.slice(0, Math.max(0, budget.values)).map(one => prune(one, depth - 1, budget));
  return pruneFields(value, depth, budget);
}

function pruneFields(fields: object, depth: number, budget: Budget): object {
  const kept: [string, unknown][] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (budget.values <= 0 || budget.characters <= 0) break;
    kept.push([shortened(name, budget), prune(value, depth - 1, budget)]);
  }
  return Object.fromEntries(kept);
}

function shortened(text: string, budget: Budget): string {
  const kept = text.slice(0, Math.max(0, Math.min(LONGEST_TEXT, budget.characters)));
  budget.characters -= kept.length;
  return kept;
}
