import type { World } from '../../cli/process-context.ts';
import type { GlobalValues } from './globals.ts';

/** Says something before the progress is shown: nothing where nothing is wanted, or stderr is for events. */
export const noticesOf =
  ({ quiet, progress }: GlobalValues, { stderr }: Pick<World, 'stderr'>) =>
  (message: string): void => {
    if (!quiet && progress !== 'json') stderr.write(`${message}\n`);
  };
