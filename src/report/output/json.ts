import { createEventTeller } from '../../core/outcome/upload-event.ts';
import type { EventLine } from '../../core/schema/events/events.ts';
import { requestFields } from '../text/requests.ts';
import { jsonLine } from '../text/text.ts';
import type { Show } from './show.ts';
import type { Output } from './streams.ts';

export type JsonOptions = { readonly output: Output; readonly now: () => number };

/** Events as NDJSON, for programs: `type`, `at`, `path`, then the event's own fields. */
export const createJson = ({ output, now }: JsonOptions): Show => {
  const write = (event: EventLine): void => void output.write(jsonLine(event));
  const ofNoFile = () => ({ at: new Date(now()).toISOString(), path: null });
  return {
    ...createEventTeller(write, now),
    notice: message => write({ type: 'note', ...ofNoFile(), reason: 'notice', message }),
    request: record => write({ type: 'request', ...ofNoFile(), ...requestFields(record) }),
    queued: () => {},
    ended: () => {},
    close: () => {},
    aside: write => write(),
  };
};
