import { fstatSync, statSync, writeSync } from 'node:fs';

type Output = { readonly fd: 1 | 2; stream(): NodeJS.WriteStream };

/** Writes to stdout or stderr without their streams, which cost a start of milliseconds as much again to load. */
export const print = ({ fd, stream }: Output, text: string): void => {
  let rest = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(fd, rest));
  } catch (error) {
    // A pipe that takes no more just now; any other failure means that its reader closed it.
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN')
      stream()
        .on('error', () => {})
        .write(rest);
  }
};

/** Columns of the terminal, if it is one. */
export const columnsOf = ({ fd, stream }: Output): number | undefined =>
  mayBeTerminal(fd) ? stream().columns || undefined : undefined;

const mayBeTerminal = (fd: number): boolean => {
  try {
    const output = fstatSync(fd);
    return output.isCharacterDevice() && output.rdev !== statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
  } catch {
    return false;
  }
};
