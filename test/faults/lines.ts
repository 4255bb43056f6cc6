import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import { createServer, type Server as HttpsServer } from 'node:https';
import { connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished, vi } from 'vitest';

/** Names that only the tests know: each leads to loopback, unless its rule says that it is not found just now. */
const rules = new Map<string, () => boolean>();

/** Installs the names; taken back after the test. */
export function fakeNames(): void {
  const real = dns.lookup;
  const fake = (...args: unknown[]): void => {
    const [name, options, done] = args as [string, { all?: boolean }, (...answer: unknown[]) => void];
    const isLost = rules.get(name);
    if (!isLost) return void (real as (...args: unknown[]) => void)(...args);
    process.nextTick(() => {
      if (isLost()) {
        done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND', hostname: name }));
      } else if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }]);
      else done(null, '127.0.0.1', 4);
    });
  };
  const spy = vi.spyOn(dns, 'lookup').mockImplementation(fake as typeof dns.lookup);
  onTestFinished(() => {
    spy.mockRestore();
    rules.clear();
  });
}

/** A name of its own for a server on loopback. */
export function nameFor(url: string): { readonly url: string; lose(isLost: () => boolean): void } {
  const named = new URL(url);
  named.hostname = `name-${rules.size}.test`;
  rules.set(named.hostname, () => false);
  return { url: named.href, lose: isLost => void rules.set(named.hostname, isLost) };
}

/** A server whose certificate nobody signed. */
export async function selfSigned(): Promise<{ readonly url: string; close(): void }> {
  const pem = (name: string) => readFileSync(new URL(`../support/tls/${name}`, import.meta.url));
  const server = createServer({ key: pem('server.key'), cert: pem('self-signed.crt') }, (_, response) =>
    response.end(),
  );
  return { url: `https://127.0.0.1:${await portOf(server)}/v1`, close: () => server.close() };
}

/** A line to a server over which the answers to some requests come one byte at a time. */
export async function trickle(
  url: string,
  isSlow: (requestLine: string) => boolean,
  msPerByte: number,
): Promise<{ readonly url: string; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer(client => {
    const upstream = connect(Number(new URL(url).port), '127.0.0.1');
    let slow = false;
    let sent = Promise.resolve();
    for (const socket of [client, upstream]) sockets.add(socket.setNoDelay().on('error', () => {}));
    client.on('close', () => upstream.destroy());
    // The server may hang up long before the slow line has brought its answer.
    upstream.on('close', () => void sent.then(() => client.destroy()));
    client.on('data', chunk => {
      const [line] = /^(POST|GET) \S+/.exec(chunk.toString('latin1', 0, 200)) ?? [];
      if (line !== undefined) slow = isSlow(line);
      upstream.write(chunk);
    });
    upstream.on('data', chunk => {
      sent = sent.then(() => (slow ? byteByByte(chunk, client, msPerByte) : void client.write(chunk)));
    });
  });
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: url.replace(/:\d+/, `:${await portOf(server)}`), close };
}

/** A line to a server whose open connections can be cut, or fall silent for ever; later ones work. */
export async function deadEnd(url: string): Promise<{ readonly url: string; hangUp(): void; silence(): void }> {
  const open = new Set<Socket>();
  const server = createTcpServer(client => {
    const upstream = connect(Number(new URL(url).port), '127.0.0.1');
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => {}).on('close', () => open.delete(socket));
    }
    client.pipe(upstream).pipe(client);
  });
  const hangUp = (): void => {
    for (const socket of open) socket.destroy();
  };
  onTestFinished(hangUp);
  const silence = (): void => {
    for (const socket of open) socket.unpipe().pause();
  };
  return { url: url.replace(/:\d+/, `:${await portOf(server)}`), hangUp, silence };
}

async function byteByByte(bytes: Buffer, to: Socket, msPerByte: number): Promise<void> {
  for (const byte of bytes) {
    if (to.destroyed) return;
    to.write(Buffer.of(byte));
    await sleep(msPerByte);
  }
}

async function portOf(server: Server | HttpsServer): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}
