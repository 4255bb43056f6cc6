import type { RequestRecord } from '../../core/model/request-record.ts';
import type { RequestLine } from '../../core/schema/events/request.ts';

/** A request as JSON shows it. */
export const requestFields = (record: RequestRecord): Omit<RequestLine, 'type' | 'at' | 'path'> => ({
  endpoint: record.endpoint,
  method: record.method,
  url: record.url,
  attempt: record.attempt,
  status: record.status ?? null,
  failure: record.failure ?? null,
  bytes_sent: record.bytesSent,
  bytes_received: record.bytesReceived,
  duration_ms: record.durationMs,
  request_id: record.requestId ?? null,
  request_headers: record.detail?.requestHeaders,
  response_headers: record.detail?.responseHeaders,
  connection: record.detail?.connection,
  timings_ms: record.detail?.timings,
});

/** A request for people: one line, and what is known in detail below it. */
export const requestLines = (record: RequestRecord): readonly string[] => {
  const { pathname, search } = new URL(record.url);
  const outcome = [record.status, record.failure].filter(word => word !== undefined).join(' ');
  const facts = [
    `${record.bytesSent} bytes sent`,
    `${record.bytesReceived} received`,
    `${record.durationMs} ms`,
    `attempt ${record.attempt}`,
    ...(record.requestId === undefined ? [] : [record.requestId]),
  ];
  return [`${record.method} ${pathname}${search}: ${outcome}, ${facts.join(', ')}`, ...detailLines(record)];
};

function detailLines({ detail }: RequestRecord): readonly string[] {
  if (!detail) return [];
  const { requestHeaders, responseHeaders, connection, timings } = detail;
  const { reused, local = '?', remote = '?' } = connection;
  const phases = Object.entries(timings).map(([phase, ms]) => `${phase} ${ms} ms`);
  return [
    ...Object.entries(requestHeaders).map(([name, value]) => `  > ${name}: ${value}`),
    ...Object.entries(responseHeaders).map(([name, value]) => `  < ${name}: ${value}`),
    `  * ${reused ? 'kept' : 'new'} connection from ${local} to ${remote}${phases.length > 0 ? `: ${phases.join(', ')}` : ''}`,
  ];
}
