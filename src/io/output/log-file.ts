import { constants, createWriteStream, openSync } from 'node:fs';
import { withoutSecrets } from '../../core/policy/secrets.ts';

export type LogFile = { write(line: string): void };

/** Lines at the end of a file that only its owner may read. Whatever keeps it from being written is told once. */
export const openLogFile = (path: string, onTrouble: (error: Error) => void): LogFile => {
  let open = true;
  const stop = (error: Error): void => {
    if (open) onTrouble(error);
    open = false;
  };
  try {
    const stream = createWriteStream(path, { fd: openAtEnd(path) });
    stream.on('error', stop);
    return { write: line => void (open && stream.write(withoutSecrets(line))) };
  } catch (error) {
    stop(error as Error);
    return { write: () => {} };
  }
};

/** A pipe without a reader must not delay the upload. */
const openAtEnd = (path: string): number => {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK = 0 } = constants;
  return openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o600);
};
