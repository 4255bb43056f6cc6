import type { Reason } from '../../core/errors/reasons.ts';
import { RequestError } from '../../core/errors/request-error.ts';
import type { Endpoint } from '../../core/events/events.ts';
import { PROXY_AUTH_HINT } from '../../core/policy/reply-hints.ts';
import { actions } from '../http/failure.ts';
import { certificateTrouble } from './certificate.ts';
import { type ConnectionError, connectionErrorOf, type ProxyTrouble, type Trouble } from './connection-error.ts';

/** An attempt without a whole reply. Whether the server carried it out is not known once all was handed over. */
export const connectionFailure = (endpoint: Endpoint, error: unknown, handedOver: boolean): RequestError => {
  const known = connectionErrorOf(error);
  const { sentence, ...more } =
    certificateTrouble(known) ?? proxyTrouble(known) ?? OTHER_PROTOCOL[known.code] ?? plainTrouble(known);
  const message = `${actions[endpoint]}: ${sentence}`;
  return new RequestError(
    { endpoint, kind: 'connection', retryable: true, mayBeDone: handedOver, message, ...more },
    bare(known),
  );
};

/** As a cause that anybody may log: an error of got holds the headers of its request, and so the key. */
const bare = ({ code, message }: ConnectionError): Error => Object.assign(new Error(message), { code });

const CONNECTION_REASONS: Readonly<Record<string, readonly [reason: Reason, sentence: string]>> = {
  ECONNREFUSED: ['connection-refused', 'the connection was refused'],
  ECONNRESET: ['connection-reset', 'the connection was reset'],
  EPIPE: ['connection-reset', 'the connection was reset'],
  ENOTFOUND: ['dns', 'the host name was not found'],
  EAI_AGAIN: ['dns', 'the host name could not be looked up'],
  ETIMEDOUT: ['timeout', 'the connection timed out'],
  ENETUNREACH: ['network-unreachable', 'the network is unreachable'],
  EHOSTUNREACH: ['network-unreachable', 'the host is unreachable'],
  ERR_STALLED: ['stalled', 'no byte moved for too long'],
  ERR_CUT_SHORT: ['reply-cut-short', 'the answer broke off'],
  ERR_SLOW_REPLY: ['reply-too-slow', 'the reply did not end in time'],
  ERR_ENDLESS_REPLY: ['endless-reply', 'the server sent interim answers without end'],
};

/** A definite answer, though no whole reply. */
const OTHER_PROTOCOL: Readonly<Record<string, Trouble>> = {
  ERR_SWITCHED_PROTOCOL: {
    kind: 'malformed',
    reason: 'malformed-reply',
    sentence: 'the server switched to another protocol (101), which was not requested',
    status: 101,
    hint: 'check that --base-url names an OpenAI-compatible API',
  },
};

const plainTrouble = ({ code, message, at }: ConnectionError): Trouble => {
  const [reason, sentence] = CONNECTION_REASONS[code] ?? ['network', message];
  return { reason, sentence: code === '' ? sentence : `${sentence} (${[code, at].filter(Boolean).join(' ')})` };
};

const PROXY_HINT = 'check --proxy, HTTPS_PROXY and NO_PROXY';

/** Nothing reached the server: only the proxy spoke, or not even that. */
const proxyTrouble = (error: ConnectionError): Trouble | undefined => {
  const { proxy } = error;
  if (!proxy) return undefined;
  const trouble = proxy.refused ? refusal(proxy, proxy.refused) : unreachable(proxy, error);
  return { mayBeDone: false, ...trouble };
};

const unreachable = ({ name }: ProxyTrouble, error: ConnectionError): Trouble => ({
  reason: 'proxy-unreachable',
  sentence: `the proxy ${name} cannot be reached: ${plainTrouble(error).sentence}`,
  hint: PROXY_HINT,
});

type Refusal = NonNullable<ProxyTrouble['refused']>;

const refusal = ({ name, authorized }: ProxyTrouble, { target, status, statusText }: Refusal): Trouble => {
  const answer = [status, statusText].filter(Boolean).join(' ');
  if (status === 407) {
    const sentence = `the proxy ${name} ${authorized ? 'does not accept the user name and password' : 'asks for a user name and a password'} (${answer})`;
    return { kind: 'status', status, reason: 'proxy-auth', sentence, hint: PROXY_AUTH_HINT, retryable: false };
  }
  const passes = status === 408 || status === 429 || status >= 500;
  return {
    reason: passes ? 'proxy-failed' : 'proxy-refused',
    sentence: `the proxy ${name} ${passes ? 'cannot' : 'refuses to'} connect to ${target} (${answer})`,
    hint: PROXY_HINT,
    retryable: passes,
  };
};
