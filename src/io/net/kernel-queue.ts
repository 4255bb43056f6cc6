import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { isLoopback } from '../../core/policy/loopback.ts';

const TABLES = { IPv4: '/proc/net/tcp', IPv6: '/proc/net/tcp6' } as const;

/**
 * Bytes of this connection that are on their way: what our kernel holds unacknowledged and, where the server is on this
 * machine, what it has not read yet. Nothing where the kernel does not tell (only Linux does).
 */
export const bytesOnTheWay = ({ localPort, remotePort, remoteFamily, remoteAddress }: Socket): number | undefined => {
  if (process.platform !== 'linux' || localPort === undefined || remotePort === undefined) return undefined;
  try {
    const unacknowledged = queues(readTable(remoteFamily), localPort, remotePort)?.sent;
    if (unacknowledged === undefined || !isLoopback(remoteAddress ?? '')) return unacknowledged;
    // A server that listens on both families has its end in the other table.
    const unread = queues(readTable('IPv4') + readTable('IPv6'), remotePort, localPort)?.received ?? 0;
    return unacknowledged + unread;
  } catch {
    return undefined;
  }
};

const readTable = (family: string | undefined): string =>
  readFileSync(TABLES[family === 'IPv6' ? 'IPv6' : 'IPv4'], 'latin1');

/** The queues of the socket at `from`, in a table whose rows are `… :port address:port state sent:received …`. */
const queues = (table: string, from: number, to: number) => {
  const row = `:${port(from)} [0-9A-F]+:${port(to)} [0-9A-F]{2} ([0-9A-F]+):([0-9A-F]+)`;
  const [, sent, received] = new RegExp(row).exec(table) ?? [];
  if (sent === undefined || received === undefined) return undefined;
  return { sent: Number.parseInt(sent, 16), received: Number.parseInt(received, 16) };
};

const port = (number: number): string => number.toString(16).toUpperCase().padStart(4, '0');
