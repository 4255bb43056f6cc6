import { startOfSteering, steer } from '../../../src/core/concurrency/concurrency.ts';
import type { Observation } from '../../../src/core/concurrency/observation.ts';

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

export const adaptivePilot = (): Pilot => {
  let state = startOfSteering(0);
  return {
    concurrency: () => state.concurrency,
    listens: true,
    observe: observation => {
      state = steer(state, observation);
    },
  };
};
