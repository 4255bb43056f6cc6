import { fstatSync, writeSync } from 'node:fs';
import { withoutSecrets } from '../../core/policy/secrets.ts';

type Writable = { readonly fd?: number; write(text: string, written?: (error?: Error | null) => void): boolean };

/** A stream to a file whose writes are whole or fail: Node's own drops what a disk that has just become full did not take. */
export const wholeWrites = <T extends Writable>(stream: T): T | Pick<Writable, 'write'> =>
  stream.fd !== undefined && isFile(stream.fd) ? { write: writer(stream.fd) } : stream;

const writer =
  (fd: number): Writable['write'] =>
  (text, written) => {
    try {
      for (let rest = Buffer.from(withoutSecrets(text)); rest.length > 0; ) rest = rest.subarray(writeSync(fd, rest));
      written?.();
    } catch (error) {
      written?.(error as Error);
    }
    return true;
  };

/** A closed descriptor is none. */
function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}
