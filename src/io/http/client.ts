import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { checkServerIdentity } from 'node:tls';
import type { Got, Method, Response } from 'got';
import { type Agents, type Connecting, createAgents, type Dialling } from '../net/agents.ts';

export type { Method };

/** One HTTP request, once: nothing is followed, nothing tried again. */
export type Outgoing = {
  readonly url: URL;
  readonly method: Method;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncGenerator<Uint8Array> | undefined;
  readonly signal: AbortSignal;
  /** Given Node's own request before any answer can come. */
  onRequest(request: ClientRequest): void;
};

/** An answer whose body is still to come. */
export type Incoming = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds of each phase that was passed. */
  readonly phases: Readonly<Record<string, number | undefined>>;
  /** Unpacked. Ends with an error where the answer breaks off. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Lets go of the connection; it is ended where request or answer are not whole. */
  close(): void;
};

export type HttpClient = {
  /** Resolves with the head of the answer. */
  open(outgoing: Outgoing): Promise<Incoming>;
  /** The least milliseconds that a connection took to be made, if one was. */
  roundTripMs(): number | undefined;
  /** Ends every connection, in use or not. */
  close(): void;
};

/** Requests by got over kept-alive connections. */
export const createHttpClient = (connecting: Connecting): HttpClient => {
  const agents = createAgents(connecting);
  let loading: Promise<Got> | undefined;
  let shortestMs: number | undefined;
  return {
    open: async outgoing => {
      loading ??= loadGot(connecting);
      const incoming = await begin(await loading, outgoing, connecting, agents);
      // 0 for a connection that was kept.
      const connectMs = incoming.phases['tcp'] || Number.POSITIVE_INFINITY;
      if (connectMs < (shortestMs ?? Number.POSITIVE_INFINITY)) shortestMs = connectMs;
      return incoming;
    },
    roundTripMs: () => shortestMs,
    close: agents.destroy,
  };
};

/** got is a third of the program: it is loaded with the first request. */
async function loadGot({ connectTimeoutMs: connect }: Connecting): Promise<Got> {
  const { got } = await import('got');
  return got.extend({
    // As got does, but only where there is a certificate: to read it from node:tls loads all of TLS.
    https: { checkServerIdentity: (host, certificate) => checkServerIdentity(host, certificate) },
    retry: { limit: 0 },
    throwHttpErrors: false,
    followRedirect: false,
    timeout: { lookup: connect, connect, secureConnect: connect },
  });
}

async function begin(client: Got, outgoing: Outgoing, connecting: Connecting, agents: Agents): Promise<Incoming> {
  const { url, method, headers, body, signal, onRequest } = outgoing;
  signal.throwIfAborted();
  const request = requestBy(connecting, agents, signal);
  const stream = client.stream(url, { method, headers, signal, request, ...(body !== undefined && { body }) });
  // The reader gets the error. A socket that breaks after that does not matter.
  stream.on('error', () => {});
  stream.on('request', onRequest);
  if (body === undefined && method !== 'GET') stream.end();
  const [{ statusCode: status, headers: answered, timings }] = (await once(stream, 'response')) as [Response];
  return { status, headers: answered, phases: timings.phases, bytes: stream, close: () => stream.destroy() };
}

/**
 * Node's request function. A proxy gets an http URL as a whole; for an https one the agent has a tunnel. Of got's sixty
 * options, which Node copies three times with each request, only those that are ever set go on.
 */
const requestBy =
  ({ proxy }: Connecting, agents: Agents, dialSignal: AbortSignal) =>
  (url: URL, { method, headers: own, checkServerIdentity }: RequestOptions): ClientRequest => {
    const dialling: Dialling = { method, headers: own, agent: agents.of(url), dialSignal };
    if (url.protocol === 'https:') return httpsRequest(url, { ...dialling, checkServerIdentity });
    if (!proxy) return httpRequest(url, dialling);
    const headers = { ...own, ...(proxy.authorization && { 'proxy-authorization': proxy.authorization }) };
    return httpRequest(url, { ...dialling, path: url.href, headers });
  };
