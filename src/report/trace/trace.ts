import type { UploadError } from '../../core/errors/errors.ts';
import type { TransferEvent, Trouble } from '../../core/events/events.ts';
import { createAttempts } from './attempts.ts';
import { type EntriesAt, entriesAt, type TraceEntry } from './entry.ts';

/** Turns what happens into entries of a Chrome trace. Words of servers are left out: reasons and request ids are enough. */
export type Tracer = {
  event(path: string, event: TransferEvent): readonly TraceEntry[];
  failed(path: string, error: UploadError): readonly TraceEntry[];
};

export const createTracer = (now: () => number): Tracer => {
  const startedAtMs = now();
  const phases = createPhases();
  // In this order: a retry is marked after its attempt has ended.
  const sources = [attemptsOfEvents(), createGates(), createHashed(), phases.event, instants];
  let begun = false;
  return {
    event: (path, event) => {
      const at = entriesAt(now() - startedAtMs);
      const names = begun ? [] : [at.processName('oai-upload'), at.laneName(0, 'run')];
      begun = true;
      return [...names, ...sources.flatMap(entriesOf => entriesOf(path, event, at))];
    },
    failed: (path, { code, reason, httpStatus, requestId }) => {
      const at = entriesAt(now() - startedAtMs);
      const args = { path, code, reason, status: httpStatus, request_id: requestId };
      return [...phases.end(path, at), at.instant('failed', args)];
    },
  };
};

/** What one event adds to the trace. */
type EntriesOf = (path: string, event: TransferEvent, at: EntriesAt) => readonly TraceEntry[];

const attemptsOfEvents = (): EntriesOf => {
  const attempts = createAttempts();
  return (path, event, at) => {
    switch (event.type) {
      case 'part.started':
        return attempts.begin(path, event, at);
      case 'part.progress':
        return attempts.progress(path, event.part, event.sent, at);
      case 'part.accepted':
        return attempts.end(path, event.part, { status: event.httpStatus, request_id: event.requestId }, at);
      case 'part.retrying':
        return attempts.end(path, event.part, { sent: event.sent, ...troubleArgs(event.error) }, at);
      case 'part.stopped':
        return attempts.end(path, event.part, { sent: event.sent, reason: 'stopped' }, at);
      default:
        return [];
    }
  };
};

/** How long no request might start. */
const createGates = (): EntriesOf => {
  let gates = 0;
  return (_path, event, at) => {
    if (event.type !== 'gate.closed') return [];
    gates += 1;
    return [
      at.beginSpan('gate', gates, 'gate closed', { delay_ms: event.delayMs }),
      at.endSpan('gate', gates, 'gate closed', event.delayMs),
    ];
  };
};

/** Bytes hashed of all files together. */
const createHashed = (): EntriesOf => {
  const byPath = new Map<string, number>();
  return (path, event, at) => {
    if (event.type !== 'digest.progress') return [];
    byPath.set(path, event.hashed);
    let sum = 0;
    for (const hashed of byPath.values()) sum += hashed;
    return [at.counter('hashed', { MB: Math.round(sum / 1e6) })];
  };
};

const troubleArgs = ({ reason, httpStatus, requestId }: Trouble) => ({
  reason,
  status: httpStatus,
  request_id: requestId,
});

type Phase = 'creating' | 'sending' | 'completing';

/** A file in its phase. */
type Phased = { readonly id: number; readonly phase: Phase | undefined };

/** The phase that an event begins; undefined ends the last one. */
const PHASES: Readonly<Partial<Record<TransferEvent['type'], Phase | undefined>>> = {
  'upload.creating': 'creating',
  'upload.created': 'sending',
  'upload.resumed': 'sending',
  'upload.restarted': undefined,
  'upload.completing': 'completing',
  'upload.completed': undefined,
  'upload.skipped': undefined,
};

/** Spans of each file, one phase after the other. */
const createPhases = () => {
  const files = new Map<string, Phased>();
  const enter = (path: string, phase: Phase | undefined, at: EntriesAt): readonly TraceEntry[] => {
    const { id, phase: last } = files.get(path) ?? { id: files.size + 1, phase: undefined };
    files.set(path, { id, phase });
    const ended = last ? [at.endSpan('file', id, last)] : [];
    return [...ended, ...(phase ? [at.beginSpan('file', id, phase, { path })] : [])];
  };
  const event: EntriesOf = (path, { type }, at) => (type in PHASES ? enter(path, PHASES[type], at) : []);
  return { event, end: (path: string, at: EntriesAt) => enter(path, undefined, at) };
};

function instants(path: string, event: TransferEvent, at: EntriesAt): readonly TraceEntry[] {
  switch (event.type) {
    case 'upload.planned':
    case 'upload.resumed':
    case 'upload.restarted':
    case 'part.changed': {
      const { type, ...args } = event;
      return [at.instant(type, { path, ...args })];
    }
    case 'part.retrying': {
      const { part, attempt, delayMs } = event;
      return [at.instant('retry', { path, part, attempt, delay_ms: delayMs })];
    }
    case 'request.retrying': {
      const { endpoint, attempt, delayMs, error } = event;
      return [at.instant(`retry ${endpoint}`, { path, attempt, delay_ms: delayMs, ...troubleArgs(error) })];
    }
    case 'upload.completed':
    case 'upload.skipped':
      return [at.instant(event.type, { path, file_id: event.fileId })];
    case 'warning':
    case 'note':
      return [at.instant(event.type, { path, reason: event.reason })];
    default:
      return [];
  }
}
