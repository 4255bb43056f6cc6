import tls, { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { usageError } from '../../core/errors/errors.ts';
import { readNamed } from '../state/own-file.ts';

/** All authorities that people trust are a few hundred kB. */
const MAX_PEM_BYTES = 8 * 1024 ** 2;

export type { SecureContext };

export type TlsFiles = {
  readonly caFile: string | undefined;
  readonly clientCert: string | undefined;
  readonly clientKey: string | undefined;
  /** What `NODE_EXTRA_CA_CERTS` names. */
  readonly extraCaFile: string | undefined;
};

/** Authorities and a client certificate from files; nothing where Node's own settings are enough. */
export const openSecureContext = async (files: TlsFiles): Promise<SecureContext | undefined> => {
  const { caFile, clientCert, clientKey } = files;
  if (clientKey !== undefined && clientCert === undefined)
    throw usageError('--client-key needs --client-cert, the certificate that the key is of');
  if (caFile === undefined && clientCert === undefined) return undefined;
  const ca = caFile === undefined ? undefined : await authorities(caFile, files.extraCaFile);
  const client = clientCert === undefined ? undefined : await clientPair(clientCert, clientKey);
  return made({ ...(ca && { ca }), ...client }, `--client-cert ${clientCert}`);
};

/** Those of the file beside Node's own: `ca` alone would replace them. */
async function authorities(caFile: string, extraCaFile: string | undefined): Promise<string[]> {
  const own = certificatesOf(await read(caFile, '--ca-file'));
  if (own.length === 0) throw usageError(`--ca-file ${caFile} holds no certificate in PEM form`);
  made({ ca: own }, `--ca-file ${caFile}`);
  return [...(await defaults(extraCaFile)), ...own];
}

/** Node 22.15 and later tell what they trust; before, it is the built-in list and a file that cannot stop Node either. */
async function defaults(extraCaFile: string | undefined): Promise<readonly string[]> {
  const { getCACertificates } = tls as { readonly getCACertificates?: (type: 'default') => readonly string[] };
  if (getCACertificates) return getCACertificates('default');
  const extra = extraCaFile ? await readNamed(extraCaFile, MAX_PEM_BYTES).catch(() => '') : '';
  return [...rootCertificates, ...certificatesOf(extra)];
}

const certificatesOf = (pem: string): string[] =>
  pem.match(/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g) ??
  [];

/** One file may hold both. */
async function clientPair(certFile: string, keyFile: string | undefined) {
  const cert = await read(certFile, '--client-cert');
  const key = keyFile === undefined ? cert : await read(keyFile, '--client-key');
  if (!key.includes('PRIVATE KEY-----')) {
    const where = keyFile === undefined ? `--client-cert ${certFile}` : `--client-key ${keyFile}`;
    throw usageError(`${where} holds no private key in PEM form`, 'name the key with --client-key');
  }
  return { cert, key };
}

const read = (path: string, flag: string): Promise<string> =>
  readNamed(path, MAX_PEM_BYTES).catch(error => {
    throw usageError(`${flag} ${path} cannot be read: ${error.message}`);
  });

function made(options: tls.SecureContextOptions, what: string): SecureContext {
  try {
    return createSecureContext(options);
  } catch (error) {
    throw usageError(`${what} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
}
