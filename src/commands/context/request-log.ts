import { resolve } from 'node:path';
import type { RequestRecord } from '../../core/model/request-record.ts';
import type { RequestLine } from '../../core/schema/events/request.ts';
import type { RequestSink } from '../../engine/logged-requests.ts';
import { openLogFile } from '../../io/output/log-file.ts';
import type { Show } from '../../report/output/show.ts';
import { requestFields, requestLines } from '../../report/text/requests.ts';
import { jsonLine } from '../../report/text/text.ts';
import type { GlobalValues } from './globals.ts';

/** `-v`, `-vv` and `--log-file`; nothing without them. */
export const openRequestSink = (
  { verbose = 0, logFile }: Pick<GlobalValues, 'verbose' | 'logFile'>,
  show: Pick<Show, 'notice' | 'request'>,
): RequestSink | undefined => {
  if (verbose === 0 && logFile === undefined) return undefined;
  const file = logFile === undefined ? undefined : logTo(logFile, show);
  return {
    detailed: verbose > 1,
    record: record => {
      if (verbose > 0) tell(record, show);
      file?.write(jsonLine(logLine(record)));
    },
  };
};

const logLine = (record: RequestRecord): Omit<RequestLine, 'path'> => ({
  type: 'request',
  at: new Date(record.atMs).toISOString(),
  ...requestFields(record),
});

const logTo = (path: string, show: Pick<Show, 'notice'>) =>
  openLogFile(resolve(path), error =>
    show.notice(`warning: --log-file ${path} cannot be written, the upload goes on without it: ${error.message}`),
  );

const tell = (record: RequestRecord, show: Pick<Show, 'notice' | 'request'>): void => {
  if (show.request) show.request(record);
  else for (const line of requestLines(record)) show.notice(line);
};
