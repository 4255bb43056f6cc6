import type { UploadError } from '../../core/errors/errors.ts';
import type { TransferEvent, Trouble } from '../../core/events/events.ts';
import { createAttempts } from './attempts.ts';
import { type EntriesAt, entriesAt, type TraceEntry } from './entry.ts';

/** Turns what happens into entries of a Chrome trace. Words of servers are left out: reasons and request ids are enough. */
export type Tracer = {
  event(path: string, event: TransferEvent): readonly TraceEntry[];
  failed(path: string, error: UploadError): readonly TraceEntry[];
};

type Phase = 'creating' | 'sending' | 'completing';

/** One file's upload as far as the trace needs it. */
type Traced = { readonly id: number; phase: Phase | undefined; hashed: number };

export const createTracer = (now: () => number): Tracer => {
  const startedAtMs = now();
  const attempts = createAttempts();
  const files = new Map<string, Traced>();
  let gates = 0;

  const fileOf = (path: string): Traced => {
    const file = files.get(path) ?? { id: files.size + 1, phase: undefined, hashed: 0 };
    files.set(path, file);
    return file;
  };
  const hashed = (path: string, bytes: number, at: EntriesAt): readonly TraceEntry[] => {
    fileOf(path).hashed = bytes;
    let sum = 0;
    for (const file of files.values()) sum += file.hashed;
    return [at.counter('hashed', { MB: Math.round(sum / 1e6) })];
  };

  const entriesOf = (path: string, event: TransferEvent, atMs: number, at: EntriesAt): readonly TraceEntry[] => {
    switch (event.type) {
      case 'part.started':
        return attempts.begin({ path, ...event }, atMs, at);
      case 'part.progress':
        return attempts.progress(path, event.part, event.sent, atMs, at);
      case 'part.accepted':
        return attempts.end(path, event.part, { status: event.httpStatus, request_id: event.requestId }, atMs, at);
      case 'part.retrying':
        return [
          ...attempts.end(path, event.part, { sent: event.sent, ...troubleArgs(event.error) }, atMs, at),
          at.instant('retry', { path, part: event.part, attempt: event.attempt, delay_ms: event.delayMs }),
        ];
      case 'part.stopped':
        return attempts.end(path, event.part, { sent: event.sent, reason: 'stopped' }, atMs, at);
      case 'gate.closed':
        gates += 1;
        return [
          at.beginSpan('gate', gates, 'gate closed', { delay_ms: event.delayMs }),
          at.endSpan('gate', gates, 'gate closed', event.delayMs),
        ];
      case 'digest.progress':
        return hashed(path, event.hashed, at);
      case 'request.retrying':
        return [
          at.instant(`retry ${event.endpoint}`, {
            path,
            attempt: event.attempt,
            delay_ms: event.delayMs,
            ...troubleArgs(event.error),
          }),
        ];
      default:
        return [...phaseEntries(fileOf(path), path, event, at), ...instants(path, event, at)];
    }
  };

  let begun = false;
  return {
    event: (path, event) => {
      const atMs = now() - startedAtMs;
      const at = entriesAt(atMs);
      const names = begun ? [] : [at.processName('oai-upload'), at.laneName(0, 'run')];
      begun = true;
      return [...names, ...entriesOf(path, event, atMs, at)];
    },
    failed: (path, { code, reason, httpStatus, requestId }) => {
      const at = entriesAt(now() - startedAtMs);
      const args = { path, code, reason, status: httpStatus, request_id: requestId };
      return [...enter(fileOf(path), path, undefined, at), at.instant('failed', args)];
    },
  };
};

const troubleArgs = ({ reason, httpStatus, requestId }: Trouble) => ({
  reason,
  status: httpStatus,
  request_id: requestId,
});

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

const phaseEntries = (file: Traced, path: string, { type }: TransferEvent, at: EntriesAt): readonly TraceEntry[] =>
  type in PHASES ? enter(file, path, PHASES[type], at) : [];

function enter(file: Traced, path: string, phase: Phase | undefined, at: EntriesAt): readonly TraceEntry[] {
  const ended = file.phase && [at.endSpan('file', file.id, file.phase)];
  file.phase = phase;
  return [...(ended ?? []), ...(phase ? [at.beginSpan('file', file.id, phase, { path })] : [])];
}

function instants(path: string, event: TransferEvent, at: EntriesAt): readonly TraceEntry[] {
  switch (event.type) {
    case 'upload.planned':
    case 'upload.resumed':
    case 'upload.restarted':
    case 'part.changed': {
      const { type, ...args } = event;
      return [at.instant(type, { path, ...args })];
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
