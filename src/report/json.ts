import { createEventTeller } from '../core/upload-event.ts';
import type { Output } from './output.ts';
import { requestFields } from './requests.ts';
import type { Show } from './show.ts';
import { jsonLine } from './text.ts';

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
    close: () => {},
    aside: write => write(),
  };
};
