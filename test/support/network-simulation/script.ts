import fc from 'fast-check';
import type { Observation } from '../../../src/core/concurrency/observation.ts';
import { afterObserving, startOfSearch } from '../../../src/core/concurrency/search.ts';
import { MiB } from '../files.ts';

const PART = 8 * MiB;
export type Act = 'start' | 'progress' | 'accepted' | 'overloaded' | 'ended';
type Choice = { readonly act: Act; readonly waitMs: number; readonly pick: number };

/** Any sequence of acts, each after a while and of any part in flight. */
export const choices = (acts: readonly Act[], longestWaitMs: number) =>
  fc.array(fc.record({ act: fc.constantFrom(...acts), waitMs: fc.nat(longestWaitMs), pick: fc.nat(1000) }), {
    maxLength: 400,
  });

export type ScriptedRun = ReturnType<typeof createRun>;

/** A run as the transfer makes it: no part starts above what is allowed, each progresses and ends once. */
export function createRun() {
  let state = startOfSearch(0);
  let atMs = 0;
  let begun = 0;
  const sent = new Map<number, number>();

  const observe = (observation: Observation): void => {
    state = afterObserving(state, observation);
  };
  const end = (attempt: number, type: 'accepted' | 'overloaded' | 'ended'): void => {
    sent.delete(attempt);
    observe({ type, attempt, atMs, bytes: PART });
  };
  const start = (): void => {
    if (sent.size >= state.concurrency) return;
    begun += 1;
    sent.set(begun, 0);
    observe({ type: 'started', attempt: begun, bytes: PART, atMs });
  };
  const progress = (attempt: number, bytes: number): void => {
    sent.set(attempt, Math.min(PART, (sent.get(attempt) ?? 0) + bytes));
    observe({ type: 'progress', attempt, atMs, sent: sent.get(attempt) ?? 0 });
  };
  return {
    now: () => atMs,
    concurrency: () => state.concurrency,
    inFlight: (): readonly number[] => [...sent.keys()],
    sleep: (ms: number): void => {
      atMs += ms;
    },
    fill: (): void => {
      while (sent.size < state.concurrency) start();
    },
    start,
    progress,
    end,
  };
}

export function choose(run: ScriptedRun, { act, waitMs, pick }: Choice): void {
  run.sleep(waitMs);
  const attempt = run.inFlight()[pick % Math.max(1, run.inFlight().length)];
  if (act === 'start' || attempt === undefined) run.start();
  else if (act === 'progress') run.progress(attempt, pick * 4096);
  else run.end(attempt, act);
}

/** Rounds of parts that all take equally long: so long as `durationMs` says for so many in flight. */
export function settle(run: ScriptedRun, rounds: number, durationMs: (inFlight: number) => number): void {
  for (let round = 0; round < rounds; round += 1) {
    run.fill();
    run.sleep(durationMs(run.inFlight().length));
    for (const attempt of run.inFlight()) {
      run.end(attempt, 'accepted');
      run.start();
      run.sleep(1);
    }
  }
}
