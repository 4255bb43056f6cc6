import type { FileHandle } from 'node:fs/promises';
import type { Source } from '../../core/ports.ts';
import type { Arrival } from './arrival.ts';
import type { LoadCheck } from './checking.ts';
import { createDigester, type DigestPrograms } from './digest-thread.ts';
import { rangesInline } from './range-inline.ts';
import { type RangeThread, startRangeThread } from './range-thread.ts';
import { asUnreadable } from './source-errors.ts';

/** A file that still grows to `bytes`. */
export type Arriving = { readonly bytes: number; readonly arrival: Arrival };

/** A file that is open until what is made of it is closed. */
export type OpenFile = {
  readonly file: FileHandle;
  readonly path: string;
  readonly bytes: number;
  readonly arrival: Arrival | undefined;
};

/** How one open file is read and digested. */
export type ReadFile = (open: OpenFile) => Pick<Source, 'prepare' | 'read' | 'digest' | 'close'>;

/** The programs of the threads. */
export type ThreadPrograms = DigestPrograms & { readonly range: URL };

/** Reads files in this thread, and digests none. */
export const readInline: ReadFile = ({ file, path }) => ({
  prepare: () => {},
  read: rangesInline(file, path),
  digest: () => Promise.reject(new Error('no digest was expected')),
  close: () => file.close(),
});

/**
 * From here on a thread that reads for the one that sends gains more than it costs, where no md5 is made: that takes a
 * core of its own, and then there is none left over.
 */
const THREAD_BYTES = 64 * 1024 * 1024;

/** Reads and digests files wherever that runs best: large ones in threads. */
export const createReader = (
  programs: ThreadPrograms,
  loadCheck: LoadCheck,
): { readonly readFile: ReadFile; close(): void } => {
  const digester = createDigester(programs, loadCheck);
  let thread: RangeThread | undefined;
  const readFile: ReadFile = open => {
    const { file, path, bytes, arrival } = open;
    const inline = rangesInline(file, path);
    const isLarge = bytes >= THREAD_BYTES;
    return {
      prepare: work => {
        if (work.md5) digester.prepare(bytes, work);
        else if (isLarge) thread ??= startRangeThread(programs.range);
      },
      read: (range, checksum) =>
        thread && isLarge && checksum && range.size > 0
          ? thread.read(file.fd, range, checksum, path)
          : inline(range, checksum),
      digest: (pass, signal) =>
        digester
          .digest(file.fd, pass, signal, arrival)
          .catch(error => Promise.reject(signal.aborted ? error : asUnreadable(path, error))),
      close: async () => {
        await thread?.settled(file.fd);
        await file.close();
      },
    };
  };
  return {
    readFile,
    close: () => {
      digester.close();
      void thread?.close();
    },
  };
};
