import { createEventTeller } from '../../core/outcome/upload-event.ts';
import { requestFields } from '../text/requests.ts';
import { jsonLine } from '../text/text.ts';
import type { Show } from './show.ts';
import type { Output } from './streams.ts';

export type JsonOptions = { readonly output: Output; readonly now: () => number };

/** Events as NDJSON, for programs: `type`, `at`, `path`, then the event's own fields. */
export const createJson = ({ output, now }: JsonOptions): Show => {
  const write = (event: object): void => void output.write(jsonLine(event));
  const ofNoFile = (type: string, fields: object): void =>
    write({ type, at: new Date(now()).toISOString(), path: null, ...fields });
  return {
    ...createEventTeller(write, now),
    notice: message => ofNoFile('note', { reason: 'notice', message }),
    request: record => ofNoFile('request', requestFields(record)),
    queued: () => {},
    ended: () => {},
    close: () => {},
    aside: write => write(),
  };
};
