import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Something that the system tells, or nothing where it does not. */
const told = (ask: () => string): string => {
  try {
    return ask().trim();
  } catch {
    return '';
  }
};

/** The host and its boot: where a socket reaches, and no further. Without a boot, where the system does not tell it. */
export const hostIdentity = (): string => {
  host ??= `${hostname()} ${told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))}`;
  return host;
};

/** Each lock asks for it, and it stays what it is. */
let host: string | undefined;

/** The same, and the view of the file systems: two containers of one host may have locks that do not meet. */
export const machineIdentity = (): string => `${hostIdentity()} ${told(() => readlinkSync('/proc/self/ns/mnt'))}`;

/** This process, for people. */
export const processName = (): string => `process ${process.pid} on ${hostname()}, since ${new Date().toISOString()}`;
