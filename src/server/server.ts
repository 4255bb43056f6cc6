import { once, setMaxListeners } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './http/answer.ts';
import { openContext } from './http/context.ts';
import type { RunningServer, ServerOptions } from './options.ts';

export { type Fault, parseFaults } from './faults/fault.ts';
export type { RequestLog, RunningServer, ServerOptions } from './options.ts';

/** Serves the Uploads and Files API from a folder, until closed. Rejects if it cannot listen. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const closing = new AbortController();
  // Every open request listens to this one signal.
  setMaxListeners(0, closing.signal);
  const context = await openContext(options, closing.signal);
  const running = new Set<Promise<void>>();
  const server = createServer(HTTP_OPTIONS, (request, response) => track(running, answer(request, response, context)));
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { url: `http://${host}:${port}/v1`, close: () => close(server, closing, running) };
}

/**
 * No limit on a body's time: a slow line is not an error. A head that does not come is one. Idle connections stay, so
 * that a client may use them again.
 */
const HTTP_OPTIONS = {
  requestTimeout: 0,
  headersTimeout: 30_000,
  connectionsCheckingInterval: 2000,
  keepAliveTimeout: 60_000,
  maxHeaderSize: 32 * 1024,
} as const;

const MAX_CONNECTIONS = 512;

function track(running: Set<Promise<void>>, exchange: Promise<void>): void {
  running.add(exchange);
  exchange.finally(() => running.delete(exchange));
}

async function close(server: Server, closing: AbortController, running: Set<Promise<void>>): Promise<void> {
  closing.abort();
  if (server.listening) {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
  await Promise.all(running);
}
