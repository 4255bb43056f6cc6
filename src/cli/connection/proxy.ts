import { type ProxyServer, parseProxy } from '../../core/model/proxy-server.ts';
import { isLoopback } from '../../core/policy/loopback.ts';
import type { Environment } from '../options/resolve.ts';

/**
 * The proxy for a URL: `--proxy`, else `HTTPS_PROXY` or `HTTP_PROXY` by its scheme. `NO_PROXY` is heard in either case;
 * the machine itself is reached through none but an explicit one.
 */
export const proxyFor = (target: URL, explicit: string | undefined, env: Environment): ProxyServer | undefined => {
  const [name, text] = explicit === undefined ? fromEnvironment(target, env) : ['--proxy', explicit];
  if (text === undefined) return undefined;
  const proxy = parseProxy(text, name);
  return isExempt(target, either(env, 'no_proxy') ?? '') ? undefined : proxy;
};

const fromEnvironment = (target: URL, env: Environment): readonly [name: string, text: string | undefined] => {
  const name = target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  return [name, isLoopback(hostOf(target)) ? undefined : either(env, name.toLowerCase())];
};

/** Lower case first, as curl has it; an empty one is not set. */
const either = (env: Environment, name: string): string | undefined =>
  env[name] || env[name.toUpperCase()] || undefined;

/** `host`, `.domain`, `*.domain` and `*`, each with a port or without; a name stands for its subdomains too. */
const isExempt = (target: URL, list: string): boolean =>
  list
    .toLowerCase()
    .split(/[\s,]+/)
    .some(entry => entry === '*' || (entry !== '' && matches(entry, target)));

function matches(entry: string, target: URL): boolean {
  // Bare IPv6 addresses have colons, and no port.
  const port = /^(?:\[.*\]|[^:]*):(\d+)$/.exec(entry)?.[1];
  if (port !== undefined && port !== portOf(target)) return false;
  const name = port === undefined ? entry : entry.slice(0, -port.length - 1);
  const host = hostOf(target);
  const domain = name.replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

const hostOf = ({ hostname }: URL): string => hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');

const portOf = ({ port, protocol }: URL): string => port || (protocol === 'https:' ? '443' : '80');
