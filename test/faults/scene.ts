import type { Fault, ServerOptions } from '../../src/server/server.ts';
import { type Json, type Sandbox, sandbox } from '../support/cli.ts';
import { type InsideOptions, type InsideResult, runInside } from '../support/inside.ts';
import { type TestServer, testServer } from '../support/server.ts';

export const PURPOSE = 'assistants';

/** `push` of one file with its events and its result. */
export const pushArgs = (path: string, partSize: number, ...more: readonly string[]): readonly string[] => [
  ...['push', path, '--purpose', PURPOSE, '--part-size', String(partSize), '--json', '--progress=json'],
  ...(more.includes('--concurrency') ? [] : ['--concurrency', '1']),
  ...more,
];

export type Place = { readonly box: Sandbox; readonly server: TestServer };

/** A server with faults, and a state folder of its own. */
export async function place(faults: readonly Fault[], options: Partial<ServerOptions> = {}): Promise<Place> {
  const [box, server] = await Promise.all([sandbox(), testServer({ faults, ...options })]);
  return { box, server };
}

/** Runs a command in this process. */
export const run = (
  { box, server }: Place,
  args: readonly string[],
  baseUrl = server.url,
  options: Omit<InsideOptions, 'env'> = {},
): Promise<InsideResult> =>
  runInside(args, { ...options, env: { ...box.env, ...server.env, OPENAI_BASE_URL: baseUrl } });

/** The one result of a run, or nothing. */
export const resultOf = (run: Pick<InsideResult, 'results'>): Json | undefined => run.results()[0];

/** Events that began a request while the gate was closed; by the client's own clock, whole milliseconds of it. */
export function startsBehindTheGate(events: readonly Json[]): readonly Json[] {
  let openAtMs = 0;
  const early: Json[] = [];
  for (const event of events) {
    if (event['type'] === 'gate.closed') openAtMs = Math.max(openAtMs, Math.floor(event['until_ms'] as number));
    else if (event['type'] === 'part.started' && Date.parse(event['at'] as string) < openAtMs) early.push(event);
  }
  return early;
}

/** Requests that reached the server while the gate was closed, in a run that sends one request at a time. */
export function requestsBeforeRetryAfter(logs: TestServer['logs'], events: readonly Json[]): number {
  const closed = events
    .filter(({ type }) => type === 'gate.closed')
    .map(({ at, until_ms }) => [Date.parse(at), until_ms as number] as const);
  return logs.filter(({ startedAtMs }) => closed.some(([from, to]) => startedAtMs > from && startedAtMs < to)).length;
}
