import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';

const TABLES = { IPv4: '/proc/net/tcp', IPv6: '/proc/net/tcp6' } as const;

/** Bytes of this connection that the kernel holds unacknowledged; nothing where it does not tell (only Linux does). */
export const unacknowledgedBytes = ({ localPort, remotePort, remoteFamily }: Socket): number | undefined => {
  if (process.platform !== 'linux' || localPort === undefined || remotePort === undefined) return undefined;
  try {
    const table = readFileSync(TABLES[remoteFamily === 'IPv6' ? 'IPv6' : 'IPv4'], 'latin1');
    const row = new RegExp(`:${port(localPort)} [0-9A-F]+:${port(remotePort)} [0-9A-F]{2} ([0-9A-F]+):`).exec(table);
    return row?.[1] === undefined ? undefined : Number.parseInt(row[1], 16);
  } catch {
    return undefined;
  }
};

const port = (number: number): string => number.toString(16).toUpperCase().padStart(4, '0');
