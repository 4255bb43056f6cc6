import type { Observation } from '../../../src/core/concurrency/observation.ts';
import { afterObserving, startOfSearch } from '../../../src/core/concurrency/search.ts';

/** Who says how many parts may be in flight. */
export type Pilot = {
  concurrency(): number;
  /** Whether it wants to hear of progress. */
  readonly listens: boolean;
  observe(observation: Observation): void;
};

export const fixedPilot = (concurrency: number): Pilot => ({
  concurrency: () => concurrency,
  listens: false,
  observe: () => {},
});

export const adaptivePilot = (roundTripMs?: number): Pilot => {
  let state = startOfSearch(0, roundTripMs);
  return {
    concurrency: () => state.concurrency,
    listens: true,
    observe: observation => {
      state = afterObserving(state, observation);
    },
  };
};
