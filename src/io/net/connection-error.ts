import type { PeerCertificate } from 'node:tls';
import type { RequestFailure } from '../../core/errors/request-error.ts';

/** What is known of a broken connection: Node's own fields, and what our agents add to them. */
export type ConnectionError = {
  readonly code: string;
  readonly message: string;
  /** What could not be reached or looked up. */
  readonly at?: string | undefined;
  /** The host that a certificate was checked against. */
  readonly host?: string | undefined;
  readonly cert?: PeerCertificate | undefined;
  /** The proxy that did not do its part. */
  readonly proxy?: ProxyTrouble | undefined;
};

export type ProxyTrouble = {
  readonly name: string;
  /** What it was asked to connect to, and its answer; absent where it could not be reached. */
  readonly refused?: { readonly target: string; readonly status: number; readonly statusText: string };
  /** It was told who we are. */
  readonly authorized: boolean;
};

/** What is to be said of a broken connection, and what it changes in the failure. */
export type Trouble = Pick<RequestFailure, 'reason'> & Partial<RequestFailure> & { readonly sentence: string };

/** Adds to an error on its way up; got keeps it as the cause of its own. */
export const told = <T extends Error>(error: T, more: Partial<ConnectionError>): T => Object.assign(error, more);

/** The innermost cause that has a code: outer ones only wrap it. */
export const connectionErrorOf = (error: unknown): ConnectionError => {
  const inner = innermost(error) as Partial<ConnectionError>;
  const { code, message, host, cert, proxy } = inner;
  const { hostname, address, port } = inner as { hostname?: string; address?: string; port?: number };
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : String(inner),
    at: hostname ?? (address && `${address}:${port}`),
    host,
    cert,
    proxy,
  };
};

const innermost = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  return error.cause instanceof Error && 'code' in error.cause ? innermost(error.cause) : error;
};
