import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createServer, type TlsOptions } from 'node:tls';
import { listening } from './listening.ts';

const FOLDER = join(import.meta.dirname, 'tls');

/** Certificates of `make.sh`; but for the authorities', all are of `server.key`. */
export type CertificateName = 'server' | 'other-host' | 'expired' | 'future' | 'self-signed';

/** The path of a file beside `make.sh`. */
export const tlsPath = (name: string): string => join(FOLDER, name);

/** Server options for one of the certificates. */
export const certified = (name: CertificateName = 'server'): TlsOptions => ({
  cert: readFileSync(tlsPath(`${name}.crt`)),
  key: readFileSync(tlsPath('server.key')),
});

export type FrontOptions = { readonly certificate?: CertificateName; readonly asksForClient?: boolean };

/** TLS on a port of its own, in front of a plain server. Closed after the test. */
export async function tlsFront(plainPort: number, { certificate, asksForClient }: FrontOptions = {}) {
  const client = { requestCert: true, rejectUnauthorized: true, ca: readFileSync(tlsPath('client-ca.crt')) };
  let accepted = 0;
  const server = createServer({ ...certified(certificate), ...(asksForClient && client) }, socket => {
    accepted += 1;
    const plain = connect(plainPort, '127.0.0.1');
    socket.pipe(plain).pipe(socket);
    socket.on('error', () => plain.destroy());
    plain.on('error', () => socket.destroy());
  });
  const port = await listening(server);
  return {
    port,
    /** Connections whose handshake was whole. */
    get accepted() {
      return accepted;
    },
  };
}
