import type { UploadError } from '../errors/errors.ts';
import type { TransferEvent } from '../events/events.ts';
import { createLimiter } from '../policy/limiter.ts';
import type { TransferLine } from '../schema/events/events.ts';
import type { FailureLine } from '../schema/events/message.ts';
import { resultError } from './result.ts';

/** What happens, in the words of `--progress=json` and of `onEvent`: when, to which file, then the event's own fields. */
export type UploadEvent = (TransferLine | FailureLine) & { readonly path: string };

/** At most ten a second of each, for each path. */
const FREQUENT_INTERVAL_MS = 100;
const FREQUENT: readonly string[] = [
  'part.progress',
  'digest.progress',
  'stdin.progress',
  'content.progress',
] satisfies TransferEvent['type'][];

/** Tells a program of events, in order; of those that come in swarms only as many as it can make use of. */
export const createEventTeller = (tell: (event: UploadEvent) => void, now: () => number) => {
  const limiter = createLimiter(FREQUENT_INTERVAL_MS, now);
  const told = (type: string, path: string, fields: object): void =>
    tell({ type, at: new Date(now()).toISOString(), path, ...fields } as UploadEvent);
  return {
    event: (path: string, event: TransferEvent): void => {
      if (FREQUENT.includes(event.type) && limiter.pass(`${event.type} ${path}`) === undefined) return;
      const { type, ...fields } = event;
      told(type, path, snakeCased(fields));
    },
    failed: (path: string, error: UploadError): void => told('error', path, resultError(error)),
  };
};

/** Field names as results spell them: `upload_id`, `expires_at_ms`. */
const snakeCased = (fields: object): object =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
      typeof value === 'object' && value !== null ? snakeCased(value) : value,
    ]),
  );
