import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import {
  type ConnectionOptions,
  connect as connectSecure,
  type DetailedPeerCertificate,
  type TLSSocket,
} from 'node:tls';
import { RequestError } from '../../core/errors/request-error.ts';
import { monotonicMs } from '../../core/policy/monotonic.ts';
import { connectionFailure } from './connection-failure.ts';
import { openTunnel, type Route } from './tunnel.ts';

/** How long anything may take, and who may end it. */
export type Patience = { readonly timeoutMs: number; readonly signal: AbortSignal };

/** Every address of a host. */
export const lookUp = (host: string, patience: Patience) =>
  timed(async () => {
    const found = await inTime(lookup(host, { all: true }), host, patience);
    return { addresses: found.map(({ address }) => address) };
  });

/** A connection that is let go at once. */
export const tryConnection = (host: string, port: number, patience: Patience) =>
  timed(async () => {
    const socket = connect({ host, port });
    await ready(socket, 'connect', `${host} port ${port}`, patience);
    const address = socket.remoteAddress ?? host;
    socket.destroy();
    return { address };
  });

/** A tunnel through a proxy, for what follows. */
export const tryTunnel = (route: Route, target: string, { signal }: Patience): Promise<Socket> =>
  openTunnel(route, target, signal).catch(error => {
    signal.throwIfAborted();
    throw lineFailure(error, target);
  });

/** What a handshake showed of the server. */
export type ShownCertificate = {
  readonly subject: string;
  readonly issuer: string;
  readonly validFromMs: number;
  readonly validToMs: number;
};
export type Handshake = { readonly protocol: string; readonly ms: number; readonly chain: readonly ShownCertificate[] };

/** A handshake over a connection of any kind. `note` receives it even where the certificate is not believed. */
export const tryHandshake = async (
  host: string,
  options: ConnectionOptions,
  patience: Patience,
  note: (handshake: Handshake) => void,
): Promise<void> => {
  // Looked at even where it is wrong, to tell what is wrong with it: nothing is sent on this connection.
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const { socket, ms } = await timed(async () => {
    const made = connectSecure({ ...options, host, ...servername, rejectUnauthorized: false });
    await ready(made, 'secureConnect', host, patience);
    return { socket: made };
  });
  const certificate = socket.getPeerCertificate(true);
  note({ protocol: socket.getProtocol() ?? 'TLS', ms, chain: chainOf(certificate) });
  const failure = socket.authorized ? undefined : distrust(socket, host, certificate);
  socket.destroy();
  if (failure) throw failure;
};

const distrust = ({ authorizationError }: TLSSocket, host: string, cert: DetailedPeerCertificate): RequestError => {
  const error: unknown = authorizationError;
  const code = typeof error === 'string' ? error : String((error as NodeJS.ErrnoException | undefined)?.code ?? '');
  return lineFailure(Object.assign(new Error(code), { code, host, cert }), host);
};

function chainOf(certificate: DetailedPeerCertificate): readonly ShownCertificate[] {
  const chain: ShownCertificate[] = [];
  const seen = new Set<DetailedPeerCertificate>();
  // The last one is its own issuer.
  for (let one = certificate; one?.valid_to && !seen.has(one); one = one.issuerCertificate) {
    seen.add(one);
    chain.push({
      subject: nameOf(one.subject),
      issuer: nameOf(one.issuer),
      validFromMs: Date.parse(one.valid_from),
      validToMs: Date.parse(one.valid_to),
    });
  }
  return chain;
}

/** Any field may be missing, whatever the types say. */
const nameOf = (who: Partial<DetailedPeerCertificate['subject']> | undefined): string =>
  [who?.CN, who?.O].flat().filter(Boolean).join(', ') || 'somebody without a name';

const timed = async <T>(effect: () => Promise<T>): Promise<T & { readonly ms: number }> => {
  const startedAt = monotonicMs();
  return { ...(await effect()), ms: monotonicMs() - startedAt };
};

async function ready(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  whom: string,
  patience: Patience,
): Promise<void> {
  try {
    await inTime(
      new Promise<void>((resolve, reject) => {
        // It stays: a socket that is let go may fail once more.
        socket.on('error', reject);
        socket.once('close', () => reject(withCode('ECONNRESET', 'it was closed')));
        socket.once(event, resolve);
      }),
      whom,
      patience,
    );
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** The effect itself may go on: nothing waits for it. */
async function inTime<T>(effect: Promise<T>, whom: string, { timeoutMs, signal }: Patience): Promise<T> {
  signal.throwIfAborted();
  const late = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    return await Promise.race([effect, aborted(late)]);
  } catch (error) {
    signal.throwIfAborted();
    throw lineFailure(late.aborted ? withCode('ETIMEDOUT', 'it took too long') : error, whom);
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

const withCode = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/** A broken line in the words of a failed request, without the request. */
const lineFailure = (error: unknown, whom: string): RequestError => {
  const { failure } = connectionFailure('models', error, false);
  return new RequestError(
    { ...failure, message: `${whom}: ${failure.message.replace(/^listing models: /, '')}` },
    error,
  );
};
