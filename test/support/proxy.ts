import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { listening } from './listening.ts';
import { certified } from './tls.ts';

export type ProxyOptions = {
  /** `user:password`, asked for where given. */
  readonly credentials?: string;
  /** Answered to every CONNECT instead of a tunnel. */
  readonly refuseWith?: number;
  /** Takes connections and never answers. */
  readonly mute?: boolean;
  /** Spoken to over TLS. */
  readonly secure?: boolean;
};

/** A proxy that finds every host name on loopback. */
export async function testProxy(options: ProxyOptions = {}) {
  const [tunnels, requests]: [string[], string[]] = [[], []];
  const server: Server = options.secure ? createSecureServer(certified()) : createServer();
  const denied = (message: IncomingMessage): number | undefined => {
    const given = message.headers['proxy-authorization'];
    if (options.credentials !== undefined && given !== `Basic ${btoa(options.credentials)}`) return 407;
    return options.refuseWith;
  };
  server.on('connect', (message, socket: Socket, head) => {
    socket.on('error', () => {});
    tunnels.push(message.url ?? '');
    if (options.mute) return;
    const status = denied(message);
    if (status !== undefined) return void socket.end(`HTTP/1.1 ${status} No way\r\ncontent-length: 2\r\n\r\nno`);
    const target = connect(Number(message.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(head);
      socket.pipe(target).pipe(socket);
    });
    target.on('error', () => socket.destroy());
    socket.on('close', () => target.destroy());
  });
  server.on('request', (message, answer) => {
    requests.push(`${message.method} ${message.url}`);
    const status = denied(message);
    if (status !== undefined) return void answer.writeHead(status).end('no');
    const { port, pathname, search } = new URL(message.url ?? '');
    const { 'proxy-authorization': _, ...headers } = message.headers;
    const onward = request({ port, path: pathname + search, method: message.method, headers }, found => {
      answer.writeHead(found.statusCode ?? 500, found.headers);
      found.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    message.pipe(onward);
  });
  const port = await listening(server);
  return {
    port,
    name: `127.0.0.1:${port}`,
    url: `${options.secure ? 'https' : 'http'}://127.0.0.1:${port}`,
    /** With these credentials in it. */
    urlFor: (credentials: string) => `${options.secure ? 'https' : 'http'}://${credentials}@127.0.0.1:${port}`,
    /** What every CONNECT asked for. */
    tunnels,
    /** Every request in absolute form. */
    requests,
  };
}
