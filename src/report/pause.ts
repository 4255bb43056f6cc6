import { bytes, duration, percent, share, wait } from './format.ts';
import { gateLeftMs, phaseOf } from './phase.ts';
import type { Progress } from './progress.ts';

/** Why no bar moves, if none does. */
export function pauseOf(progress: Progress, nowMs: number): string | undefined {
  const gate = gateLeftMs(progress.gateUntilMs, nowMs);
  const waiting = gate > 0 ? `, waiting ${wait(gate)}, asked for by the server` : '';
  switch (phaseOf(progress, nowMs)) {
    case 'reading':
      return `reading stdin, ${bytes(progress.received)}`;
    case 'comparing':
      return `comparing with the server, ${share(progress.received, progress.bytes)}`;
    case 'creating':
      return `creating the upload${waiting}`;
    case 'hashing':
      return `hashing, ${percent(progress.hashed / progress.bytes)} of ${bytes(progress.bytes)}`;
    case 'completing':
      return `server is completing, ${inStage(progress, nowMs)}${waiting}`;
    case 'processing':
      return `server is processing the file, ${inStage(progress, nowMs)}`;
    default:
      return undefined;
  }
}

/** Whole seconds: a number that runs is a number that nobody reads. */
const inStage = ({ stageSinceMs }: Progress, nowMs: number): string =>
  duration(Math.floor((nowMs - stageSinceMs) / 1000) * 1000);
