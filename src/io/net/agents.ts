import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { ProxyServer } from '../../core/model/proxy-server.ts';
import { told } from './connection-error.ts';
import { dial, limitTime, openTunnel, type Route } from './tunnel.ts';

/** How connections are made. */
export type Connecting = {
  readonly proxy?: ProxyServer | undefined;
  /** Authorities and a client certificate beyond Node's own. */
  readonly secureContext?: SecureContext | undefined;
  readonly connectTimeoutMs: number;
};

export type Agents = {
  /** The one for a protocol. */
  of(url: URL): HttpAgent;
  destroy(): void;
};

/** A request's options with its signal, so that a tunnel is given up when its request is. */
export type Dialling = RequestOptions & { readonly dialSignal?: AbortSignal };

/**
 * Kept-alive connections, direct or through the proxy: http requests go to it, https ones through a tunnel. Node loads
 * TLS for the first of these.
 */
export const createAgents = (connecting: Connecting): Agents => {
  const { proxy, secureContext, connectTimeoutMs: timeoutMs } = connecting;
  const route = proxy && { proxy, secureContext, timeoutMs };
  const http = httpAgent(route);
  let https: HttpsAgent | undefined;
  const secure = (): HttpsAgent => {
    https ??= httpsAgent(secureContext, route);
    return https;
  };
  return {
    of: ({ protocol }) => (protocol === 'https:' ? secure() : http),
    destroy: () => {
      http.destroy();
      https?.destroy();
    },
  };
};

const httpAgent = (route: Route | undefined): HttpAgent => {
  const agent = new HttpAgent({ keepAlive: true });
  if (route) agent.createConnection = () => dial(route);
  return agent;
};

const httpsAgent = (secureContext: SecureContext | undefined, route: Route | undefined): HttpsAgent => {
  // Said aloud, since NODE_TLS_REJECT_UNAUTHORIZED=0 would turn it off for the whole process.
  const agent = new HttpsAgent({ keepAlive: true, rejectUnauthorized: true, ...(secureContext && { secureContext }) });
  const create = agent.createConnection.bind(agent);
  const secured = (options: object): TLSSocket => withCertificate(create(options) as TLSSocket);
  agent.createConnection = (options: Dialling, callback) => {
    if (!route) return secured(options);
    throughTunnel(route, options, secured).then(
      socket => callback?.(null, socket),
      // Node's agent looks at the error first.
      error => callback?.(error, undefined as never),
    );
    return undefined;
  };
  return agent;
};

async function throughTunnel(
  route: Route,
  options: Dialling,
  secured: (options: object) => TLSSocket,
): Promise<TLSSocket> {
  const { host, port, dialSignal } = options;
  const target = `${host?.includes(':') ? `[${host}]` : host}:${port}`;
  const socket = secured({ ...options, socket: await openTunnel(route, target, dialSignal) });
  limitTime(socket, 'secureConnect', route.timeoutMs);
  return socket;
}

/** Node tells that a certificate is wrong but not which one it is, and it is gone once the error is there. */
function withCertificate(socket: TLSSocket): TLSSocket {
  let cert: ReturnType<TLSSocket['getPeerCertificate']> | undefined;
  socket.prependOnceListener('secure', () => {
    cert = socket.getPeerCertificate();
  });
  socket.prependListener('error', (error: Error & { readonly cert?: unknown }) => {
    if (cert && error.cert === undefined) told(error, { cert });
  });
  return socket;
}
