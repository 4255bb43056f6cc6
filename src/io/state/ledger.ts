import { constants } from 'node:fs';
import { dirname } from 'node:path';
import type { Ledger, LedgerEntry } from '../../core/model/ledger.ts';
import { openLine, sealLine } from './checksummed-line.ts';
import { coalesced } from './coalesced.ts';
import { inFolder } from './make-folder.ts';
import { openOwn, readOwn } from './own-file.ts';

/** A million uploads. */
const MAX_BYTES = 256 * 1024 ** 2;

type Which = Pick<LedgerEntry, 'destination' | 'purpose' | 'bytes'>;

/**
 * Completed uploads, a sealed line each, read once a run. Losing it costs an upload, never a wrong answer: the server is
 * asked too.
 */
export const createLedger = (path: string): Ledger => {
  let known: Promise<Map<string, LedgerEntry[]>> | undefined;
  const entries = (): Promise<Map<string, LedgerEntry[]>> => {
    known ??= load(path);
    return known;
  };
  let waiting: string[] = [];
  const append = coalesced(async () => {
    const lines = waiting.join('');
    waiting = [];
    await appendTo(path, lines);
  });
  return {
    find: async which => (await entries()).get(nameOf(which))?.toReversed() ?? [],
    add: async entry => {
      // Only where somebody has looked: what is not read yet will hold it.
      if (known) addTo(await known, entry);
      waiting.push(sealLine(entry));
      await append().catch(() => {
        // A file that is not remembered is uploaded again: no more than without the flag.
      });
    },
  };
};

async function load(path: string): Promise<Map<string, LedgerEntry[]>> {
  const found = new Map<string, LedgerEntry[]>();
  const text = await readOwn(path, MAX_BYTES).catch(() => Buffer.alloc(0));
  for (const line of text.toString('utf8').split('\n')) {
    const entry = openLine(line) as LedgerEntry | undefined;
    if (entry) addTo(found, entry);
  }
  return found;
}

function addTo(entries: Map<string, LedgerEntry[]>, entry: LedgerEntry): void {
  const name = nameOf(entry);
  const same = entries.get(name);
  if (same) same.push(entry);
  else entries.set(name, [entry]);
}

const nameOf = ({ destination, purpose, bytes }: Which): string => JSON.stringify([destination, purpose, bytes]);

async function appendTo(path: string, lines: string): Promise<void> {
  const { O_APPEND, O_CREAT, O_WRONLY } = constants;
  const file = await inFolder(dirname(path), () => openOwn(path, O_WRONLY | O_APPEND | O_CREAT));
  await file.appendFile(lines).finally(() => file.close());
}
