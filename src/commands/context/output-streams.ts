import type { World } from '../../cli/process-context.ts';
import { withoutSecrets } from '../../core/policy/secrets.ts';
import { watchFault } from '../../report/output/streams.ts';
import { isReadForCommands, withoutCommands } from '../../report/text/workflow-commands.ts';

type Streams = Pick<World, 'stdout' | 'stderr' | 'annotate'> & {
  /** Why what stdout was given is lost. */
  faultOfStdout(): Error | undefined;
};

/**
 * The streams of the process. A closed one never ends a run; what writes there learns of it. No secret passes them, and
 * where a program reads them for commands, no text that is written becomes one; `annotate` is for our own, whose texts
 * have passed `printable`.
 */
export const openStreams = ({ stdout, stderr, env }: NodeJS.Process): Streams => {
  stderr.on('error', () => {});
  const annotate = (command: string): void => void write(command);
  const write = stderr.write.bind(stderr) as (text: string) => boolean;
  for (const stream of [stdout, stderr]) {
    if (isReadForCommands(env)) rewrite(stream, withoutCommands);
    rewrite(stream, withoutSecrets);
  }
  return { stdout, stderr, annotate, faultOfStdout: watchFault(stdout) };
};

/** All text that is written to a stream from now on, by anything in the process, goes through this. */
function rewrite(stream: NodeJS.WriteStream, rewritten: (text: string) => string): void {
  const write = stream.write.bind(stream) as (...given: readonly unknown[]) => boolean;
  stream.write = (text: unknown, ...others: readonly unknown[]) =>
    write(typeof text === 'string' ? rewritten(text) : text, ...others);
}
