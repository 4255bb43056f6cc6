import type { TransferEvent } from '../core/events.ts';
import { resultError } from '../core/result.ts';
import { createLimiter } from './limiter.ts';
import type { Output } from './output.ts';
import { requestFields } from './requests.ts';
import type { Show } from './show.ts';
import { jsonLine } from './text.ts';

export type JsonOptions = { readonly output: Output; readonly now: () => number };

/** At most ten a second of each, for each path. */
const PROGRESS_INTERVAL_MS = 100;
const FREQUENT: readonly string[] = [
  'part.progress',
  'digest.progress',
  'stdin.progress',
  'content.progress',
] satisfies TransferEvent['type'][];

/** Events as NDJSON, for programs: `type`, `at`, `path`, then the event's own fields. */
export const createJson = ({ output, now }: JsonOptions): Show => {
  const limiter = createLimiter(PROGRESS_INTERVAL_MS, now);
  const write = (type: string, path: string | null, fields: object): void =>
    void output.write(jsonLine({ type, at: new Date(now()).toISOString(), path, ...fields }));
  return {
    event: (path, event) => {
      if (FREQUENT.includes(event.type) && limiter.pass(`${event.type} ${path}`) === undefined) return;
      const { type, ...fields } = event;
      write(type, path, snakeCased(fields));
    },
    failed: (path, error) => write('error', path, resultError(error)),
    notice: message => write('note', null, { reason: 'notice', message }),
    request: record => write('request', null, requestFields(record)),
    close: () => {},
    aside: write => write(),
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
