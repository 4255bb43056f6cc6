import { bytes, duration, percent, wait } from './format.ts';
import { gateLeftMs, phaseOf } from './phase.ts';
import type { Progress } from './progress.ts';

/** Why no bar moves, if none does. */
export function pauseOf(progress: Progress, nowMs: number): string | undefined {
  const gate = gateLeftMs(progress.gateUntilMs, nowMs);
  const waiting = gate > 0 ? `, waiting ${wait(gate)}, asked for by the server` : '';
  switch (phaseOf(progress, nowMs)) {
    case 'reading':
      return `reading stdin, ${bytes(progress.received)}`;
    case 'creating':
      return `creating the upload${waiting}`;
    case 'hashing':
      return `hashing, ${percent(progress.hashed / progress.bytes)} of ${bytes(progress.bytes)}`;
    case 'completing':
      return `server is completing, ${duration(Math.floor((nowMs - progress.stageSinceMs) / 1000) * 1000)}${waiting}`;
    default:
      return undefined;
  }
}
