import type { RuleName } from '../findings/catalog.ts';
import { WHOLE_FILE } from '../findings/finding.ts';
import type { Notebook } from '../findings/notebook.ts';
import type { Path } from '../json/scan.ts';
import { createPlaces, type PlaceList } from './places.ts';
import { exactPlace, type Line } from './rule.ts';
import { shortened } from './shortened.ts';

/** As many different values are told apart; further ones are taken together, and longer ones are cut. */
const [MOST_VALUES, OTHERS, LONGEST] = [100, '(others)', 10_000];

type Value = { readonly value: string; readonly places: PlaceList };

/** What is wrong with a value that differs from that of most lines; undefined where nothing is. */
export type Says = (value: string, usual: string) => string | undefined;

/** Something that all lines have in common. What most lines have is right; the other lines are written down. */
export function createConsensus(rule: RuleName, notes: Notebook, says: Says) {
  const values = new Map<string, Value>();
  const add = (key: string, value: string): Value => {
    const added = { value: value.length > LONGEST ? key : value, places: createPlaces(notes.max) };
    values.set(key, added);
    return added;
  };
  const usualValue = (): string | undefined => {
    let most: Value | undefined;
    for (const one of values.values()) if (one.places.total > (most?.places.total ?? 0)) most = one;
    return most?.value;
  };
  return {
    /** Whether this value is new in the file. */
    vote: (value: string, line: Line, path: Path): boolean => {
      const text = shortened(value);
      const key = values.has(text) || values.size < MOST_VALUES ? text : OTHERS;
      const known = values.get(key);
      const { places } = known ?? add(key, key === OTHERS ? OTHERS : value);
      places.add(places.isFull() ? WHOLE_FILE : exactPlace(line, path));
      return !known;
    },
    /** Whether lines differ. */
    isBroken: (): boolean => values.size > 1,
    end: (): void => {
      const most = usualValue();
      for (const { value, places } of values.values()) {
        const message = most === undefined || value === most ? undefined : says(value, most);
        if (message !== undefined) notes.addAll(rule, places, message);
      }
    },
  };
}
