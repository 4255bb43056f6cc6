import { readFileSync } from 'node:fs';
import type { Observation } from '../../../src/core/concurrency/observation.ts';
import { afterObserving, type Search, startOfSearch } from '../../../src/core/concurrency/search.ts';

type Row = readonly [atMs: number, attempt: number, type: Observation['type'], bytes: number];

/** What a real run over sockets afterObserving, with the embedded server at the other end: one observation a line. */
export const recorded = (name: string): readonly Observation[] =>
  readFileSync(new URL(`recorded/${name}.ndjson`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map(line => observationOf(JSON.parse(line) as Row));

const observationOf = ([atMs, attempt, type, bytes]: Row): Observation => ({ atMs, attempt, type, bytes, sent: bytes });

/** Each state of the search along a recording. */
export function replayed(observations: readonly Observation[]): readonly Search[] {
  let state = startOfSearch(0);
  return observations.map(observation => {
    state = afterObserving(state, observation);
    return state;
  });
}
