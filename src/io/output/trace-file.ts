import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { setInterval } from 'node:timers';
import { withoutSecrets } from '../../core/policy/secrets.ts';
import { openNamed, whenReady } from '../state/own-file.ts';

/** A file of entries that is whole JSON after every write, whenever the process may end. */
export type TraceFile = {
  append(entries: readonly object[]): void;
  /** What was appended is written, or the disk refused. Never throws. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

const FLUSH_INTERVAL_MS = 500;
const HEAD = '{"displayTimeUnit":"ms","traceEvents":[';
const TAIL = '\n]}\n';

/** Writes the Trace Event Format's JSON object. A disk that fails is reported once; then nothing more is written. */
export const createTraceFile = (path: string, onTrouble: (error: unknown) => void): TraceFile => {
  const file = createLines(path);
  let waiting: string[] = [];
  let failed = false;
  let last = Promise.resolve();

  const write = async (): Promise<void> => {
    const lines = waiting;
    waiting = [];
    if (failed || lines.length === 0) return;
    try {
      await file.add(lines);
    } catch (error) {
      failed = true;
      onTrouble(error);
    }
  };
  const flush = (): Promise<void> => {
    last = last.then(write);
    return last;
  };
  const timer = setInterval(flush, FLUSH_INTERVAL_MS).unref();
  return {
    append: entries => {
      if (!failed) waiting.push(...entries.map(entry => withoutSecrets(JSON.stringify(entry))));
    },
    flush,
    close: async () => {
      clearInterval(timer);
      await flush();
      await file.close();
    },
  };
};

/** The lines between head and tail, in a file that is made with the first of them. */
const createLines = (path: string) => {
  let opened: Promise<FileHandle> | undefined;
  let end = HEAD.length;
  return {
    add: async (lines: readonly string[]): Promise<void> => {
      opened ??= create(path);
      const file = await opened;
      const text = Buffer.from(`${end > HEAD.length ? ',' : ''}\n${lines.join(',\n')}${TAIL}`);
      await writeAll(file, text, end).catch(error => endAt(file, end, error));
      // The next entries go over the tail.
      end += text.length - TAIL.length;
    },
    close: async (): Promise<void> => {
      await (await opened?.catch(() => undefined))?.close().catch(() => {});
    },
  };
};

function create(path: string): Promise<FileHandle> {
  const { O_CREAT, O_TRUNC, O_WRONLY } = constants;
  return whenReady(openNamed(path, O_WRONLY | O_CREAT | O_TRUNC), file => file.writeFile(HEAD + TAIL));
}

async function writeAll(file: FileHandle, text: Buffer, position: number): Promise<void> {
  const { bytesWritten } = await file.write(text, 0, text.length, position);
  if (bytesWritten < text.length) throw new Error('the disk is full');
}

/** A full disk may have taken half of it: the file ends where it was whole. */
async function endAt(file: FileHandle, end: number, error: unknown): Promise<never> {
  await file.truncate(end).catch(() => {});
  await file.write(TAIL, end).catch(() => {});
  throw error;
}
