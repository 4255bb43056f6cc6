import type { Place, Places } from '../findings/finding.ts';

/** Places whose meaning is known at the end of the file only: the first ones, and a count. */
export type PlaceList = Places & {
  /** Whether a further place is only counted. */
  isFull(): boolean;
  add(place: Place): void;
};

export function createPlaces(max: number): PlaceList {
  const shown: Place[] = [];
  let total = 0;
  const isFull = (): boolean => shown.length >= max;
  return {
    isFull,
    add: place => {
      total += 1;
      if (!isFull()) shown.push(place);
    },
    shown,
    get total() {
      return total;
    },
  };
}
