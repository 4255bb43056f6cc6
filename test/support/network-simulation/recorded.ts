import { readFileSync } from 'node:fs';
import { type Steering, startOfSteering, steer } from '../../../src/core/concurrency/concurrency.ts';
import type { Observation } from '../../../src/core/concurrency/observation.ts';

type Row = readonly [atMs: number, attempt: number, type: Observation['type'], bytes: number];

/** What a real run over sockets observed, with the embedded server at the other end: one observation a line. */
export const recorded = (name: string): readonly Observation[] =>
  readFileSync(new URL(`recorded/${name}.ndjson`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map(line => observationOf(JSON.parse(line) as Row));

const observationOf = ([atMs, attempt, type, bytes]: Row): Observation => ({ atMs, attempt, type, bytes, sent: bytes });

/** Each state of the steering along a recording. */
export function replayed(observations: readonly Observation[]): readonly Steering[] {
  let state = startOfSteering(0);
  return observations.map(observation => {
    state = steer(state, observation);
    return state;
  });
}
