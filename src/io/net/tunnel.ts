import { request } from 'node:http';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectSecure, type SecureContext } from 'node:tls';
import type { ProxyServer } from '../../core/model/proxy-server.ts';
import { told } from './connection-error.ts';

/** The way through a proxy. */
export type Route = {
  readonly proxy: ProxyServer;
  /** For a proxy that is spoken to over TLS. */
  readonly secureContext: SecureContext | undefined;
  readonly timeoutMs: number;
};

/** A connection to the proxy itself. What keeps it from being made names the proxy. */
export const dial = (route: Route): Socket => {
  const { name, origin } = route.proxy;
  const ready = origin.startsWith('https:') ? 'secureConnect' : 'connect';
  const socket = connectTo(route);
  let connected = false;
  limitTime(socket, ready, route.timeoutMs);
  socket.once(ready, () => {
    connected = true;
  });
  // It stays: the socket under a tunnel has no other listener for its errors.
  socket.prependListener('error', error => {
    if (!connected) told(error, { proxy: { name, authorized: false } });
  });
  return socket;
};

const connectTo = ({ proxy, secureContext }: Route): Socket => {
  const { protocol, hostname, port } = new URL(proxy.origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'http:') return connectPlain({ host, port: Number(port || 80) });
  return connectSecure({
    host,
    port: Number(port || 443),
    rejectUnauthorized: true,
    ...(isIP(host) === 0 && { servername: host }),
    ...(secureContext && { secureContext }),
  });
};

/** Ends a connection that is not ready in time. */
export const limitTime = (socket: Socket, ready: string, timeoutMs: number): void => {
  const late = setTimeout(() => socket.destroy(timedOut()), timeoutMs);
  for (const event of [ready, 'close']) socket.once(event, () => clearTimeout(late));
};

/** A connection through the proxy to `host:port`, by CONNECT; given up when nothing waits for it any more. */
export const openTunnel = (route: Route, target: string, signal: AbortSignal | undefined): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const { name, authorization } = route.proxy;
    const asked = request({
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...(authorization && { 'proxy-authorization': authorization }) },
      createConnection: () => dial(route),
      ...(signal && { signal }),
    });
    const late = setTimeout(() => asked.destroy(timedOut()), route.timeoutMs);
    const fail = (error: Error, refused?: { target: string; status: number; statusText: string }): void => {
      clearTimeout(late);
      const authorized = authorization !== undefined;
      reject(told(error, { proxy: { name, authorized, ...(refused && { refused }) } }));
    };
    asked.once('connect', ({ statusCode: status = 0, statusMessage: statusText = '' }, stream, head) => {
      clearTimeout(late);
      if (status >= 200 && status <= 299) return resolve(withHead(stream as Socket, head));
      stream.destroy();
      fail(withCode('ERR_PROXY_REFUSED', 'the proxy refused'), { target, status, statusText });
    });
    asked.on('error', error => fail(error));
    asked.end();
  });

const withHead = (socket: Socket, head: Buffer): Socket => {
  if (head.length > 0) socket.unshift(head);
  return socket;
};

const timedOut = (): Error => withCode('ETIMEDOUT', 'it took too long');

const withCode = (code: string, message: string): Error => Object.assign(new Error(message), { code });
