import { bytes, duration, percent, share, wait, wholeSeconds } from '../text/format.ts';
import { gateLeftMs, phaseOf } from './phase.ts';
import type { Progress } from './progress.ts';

/** Why no bar moves, if none does. */
export function pauseOf(progress: Progress, nowMs: number): string | undefined {
  const gate = gateLeftMs(progress.gateUntilMs, nowMs);
  const waiting = gate > 0 ? `, waiting ${wait(gate)}, as the server asked` : '';
  switch (phaseOf(progress, nowMs)) {
    case 'starting':
      return `starting${inStage(progress, nowMs)}${waiting}`;
    case 'reading':
      return `reading stdin, ${bytes(progress.received)}`;
    case 'comparing':
      return `comparing with the server, ${share(progress.received, progress.bytes)}`;
    case 'creating':
      return `creating the upload${waiting}`;
    case 'hashing':
      return `hashing, ${percent(progress.hashed / progress.bytes)} of ${bytes(progress.bytes)}`;
    case 'arriving':
      return `waiting for stdin, ${share(progress.received, progress.bytes)}`;
    case 'completing':
      return `server is completing${inStage(progress, nowMs)}${waiting}`;
    case 'locked':
      return `waiting for another run of this file${inStage(progress, nowMs)}`;
    case 'processing':
      return `server is processing the file${inStage(progress, nowMs)}`;
    default:
      return undefined;
  }
}

const inStage = ({ stageSinceMs }: Progress, nowMs: number): string => {
  const ms = wholeSeconds(nowMs - stageSinceMs);
  return ms > 0 ? `, ${duration(ms)}` : '';
};
