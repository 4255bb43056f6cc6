import type { TransferEvent, Trouble } from '../../core/events/events.ts';
import { createLimiter } from '../../core/policy/limiter.ts';
import { startReasons } from '../../core/policy/resume.ts';
import type { Progress } from '../progress/progress.ts';
import { counted, duration, wait } from '../text/format.ts';
import { fileLine, printable } from '../text/text.ts';

/** Which events are worth a line: all that explain something, or only what a script's log must not miss. */
export type Talk = 'all' | 'warnings' | 'errors';

/** Turns events into lines for people; the same trouble is told once a second, with the count of what was left out. */
export type Announcer = (path: string, event: TransferEvent, progress: Progress) => readonly string[];

const LIMITED: readonly string[] = [
  'part.retrying',
  'part.changed',
  'request.retrying',
] satisfies TransferEvent['type'][];
const WARNINGS: readonly string[] = ['warning', 'note', 'upload.restarted'] satisfies TransferEvent['type'][];

export const createAnnouncer = (talk: Talk, now: () => number): Announcer => {
  const limiter = createLimiter(1000, now);
  const gates = createGateWatch();
  return (path, event, progress) => {
    if (talk === 'errors' || (talk === 'warnings' && !WARNINGS.includes(event.type))) return [];
    const text = sentence(event, progress);
    if (text === undefined || !gates.isNew(event)) return [];
    const held = LIMITED.includes(event.type) ? limiter.pass(event.type) : 0;
    if (held === undefined) return [];
    return [fileLine(path, `${text}${held > 0 ? ` (and ${held} more like it)` : ''}`), ...hintLines(event)];
  };
};

/** The gate is the run's: each request that meets it says so, people are told once. */
const createGateWatch = () => {
  let toldUntilMs = 0;
  return {
    isNew: (event: TransferEvent): boolean => {
      if (event.type !== 'gate.closed') return true;
      if (event.untilMs < toldUntilMs + 1000) return false;
      toldUntilMs = event.untilMs;
      return true;
    },
  };
};

function sentence(event: TransferEvent, { parts }: Progress): string | undefined {
  switch (event.type) {
    case 'upload.resumed':
      if (event.parts === 0) return 'resuming: no part is there yet';
      return `resuming: ${parts > 0 ? `${event.parts} of ${counted(parts, 'part')}` : counted(event.parts, 'part')} ${event.parts === 1 ? 'is' : 'are'} already there`;
    case 'upload.restarted':
      return `starting over: ${startReasons[event.because]}`;
    case 'part.changed':
      return `part ${event.part} changed in the file: it is sent again`;
    case 'part.retrying':
      return `part ${event.part}: ${retry(event)}`;
    case 'request.retrying':
      return `${event.endpoint}: ${retry(event)}`;
    case 'gate.closed':
      return `waiting ${wait(event.delayMs)}, as the server asked`;
    case 'warning':
      return `warning: ${printable(event.message)}`;
    case 'note':
      return `note: ${printable(event.message)}`;
    default:
      return undefined;
  }
}

type Retry = { readonly attempt: number; readonly delayMs: number; readonly error: Trouble };

const retry = ({ attempt, delayMs, error }: Retry): string =>
  `attempt ${attempt} in ${duration(delayMs)}: ${statusOf(error)}${printable(error.message)}${requestOf(error)}`;

const statusOf = ({ httpStatus, message }: Trouble): string =>
  httpStatus === undefined || message.includes(String(httpStatus)) ? '' : `${httpStatus} `;

const requestOf = ({ requestId, message }: Trouble): string =>
  requestId === undefined || message.includes(requestId) ? '' : ` (${printable(requestId)})`;

const hintLines = (event: TransferEvent): readonly string[] =>
  event.type === 'warning' && event.hint !== undefined ? [`hint: ${printable(event.hint)}`] : [];
