import type { PeerCertificate } from 'node:tls';
import type { ConnectionError, Trouble } from './connection-error.ts';

/** What is wrong with a certificate, or with the talk before one was believed; nothing where TLS is not to blame. */
export const certificateTrouble = (error: ConnectionError): Trouble | undefined => {
  const found = aboutCertificate(error) ?? aboutHandshake(error);
  // A certificate does not mend itself within a run, and nothing was sent under it.
  return found && { reason: 'tls', retryable: false, mayBeDone: false, ...found };
};

type Finding = { readonly sentence: string; readonly hint?: string | undefined };

const AUTHORITY_HINT = 'if the authority is a private one, name its certificate with --ca-file or NODE_EXTRA_CA_CERTS';
const clockHint = () => `if that is not so, this machine's clock is wrong: it says ${new Date().toISOString()}`;

/** Verification by Node: each code of OpenSSL that a user can do something about. */
function aboutCertificate({ code, message, host, cert, proxy }: ConnectionError): Finding | undefined {
  const whose = proxy ? `the certificate of the proxy ${proxy.name}` : "the server's certificate";
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return { sentence: `${whose} ${expiry(cert)}`, hint: clockHint() };
    case 'CERT_NOT_YET_VALID':
      return { sentence: `${whose} is not valid before ${day(cert?.valid_from)}`, hint: clockHint() };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return { sentence: `${whose} is for another host: it is valid for ${names(cert)}, not for ${host}` };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return { sentence: `${whose} is self-signed, by ${nameOf(cert?.issuer)}`, hint: AUTHORITY_HINT };
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return {
        sentence: `${whose} is from an authority that is not known here: issuer ${nameOf(cert?.issuer)}`,
        hint: AUTHORITY_HINT,
      };
    default:
      if (!/^(CERT_|UNABLE_TO_|INVALID_CA|PATH_LENGTH|HOSTNAME_MISMATCH|ERR_TLS_CERT)/.test(code)) return undefined;
      return { sentence: `${whose} is not trusted: ${message} (${code})`, hint: AUTHORITY_HINT };
  }
}

/** The talk before any certificate was believed. A record that was garbled on the way is left to be tried again. */
function aboutHandshake({ code, message }: ConnectionError): Finding | undefined {
  const words = `${code} ${message}`.replaceAll(/[ _]+/g, ' ');
  if (!/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(code) || /bad record mac/i.test(words)) return undefined;
  if (/wrong version number|packet length too long|http request/i.test(words))
    return { sentence: 'the server does not speak TLS on this port', hint: 'is the base URL meant to be http:// ?' };
  if (/certificate required|handshake failure|bad certificate|unknown ca/i.test(words)) {
    return {
      sentence: `the server broke off the TLS handshake (${code})`,
      hint: 'it may ask for a client certificate that it knows: --client-cert and --client-key',
    };
  }
  return { sentence: `the TLS handshake failed: ${message} (${code})` };
}

/** The leaf may well be valid still: an authority above it can be the one that expired. */
const expiry = (cert: PeerCertificate | undefined): string =>
  cert && Date.parse(cert.valid_to) > Date.now()
    ? `is valid until ${day(cert.valid_to)}, but that of an authority above it has expired`
    : `expired on ${day(cert?.valid_to)}`;

const day = (text: string | undefined): string =>
  text && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString().slice(0, 10) : 'an unknown day';

const names = (cert: PeerCertificate | undefined): string =>
  cert?.subjectaltname?.replaceAll(/(DNS|IP Address):/g, '') ?? nameOf(cert?.subject);

/** Any field may be missing, whatever the types say. */
const nameOf = (who: Partial<PeerCertificate['issuer']> | undefined): string => {
  const found = [who?.CN, who?.O].filter(Boolean);
  return found.length === 0 ? 'unknown' : `"${found.join(', ')}"`;
};
