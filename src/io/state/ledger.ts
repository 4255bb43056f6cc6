import { appendFile, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Ledger, LedgerEntry } from '../../core/ports.ts';
import { openLine, sealLine } from './checksummed-line.ts';
import { makeFolder } from './make-folder.ts';

/** Completed uploads, a sealed line each. Losing it costs an upload, never a wrong answer: the server is asked too. */
export const createLedger = (path: string): Ledger => ({
  find: async ({ destination, purpose, bytes }) => {
    const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n');
    const entries = lines.map(line => openLine(line) as LedgerEntry | undefined).filter(entry => entry !== undefined);
    return entries
      .filter(entry => entry.destination === destination && entry.purpose === purpose && entry.bytes === bytes)
      .reverse();
  },
  add: async entry => {
    try {
      await makeFolder(dirname(path));
      await appendFile(path, sealLine(entry), { mode: 0o600 });
    } catch {
      // A file that is not remembered is uploaded again: no more than without the flag.
    }
  },
});
