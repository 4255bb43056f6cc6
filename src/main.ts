import { type Act, runProgram } from './cli/program.ts';

declare const __VERSION__: string;

/**
 * Runs the process's command line, and leaves the exit code for the loop to drain. Only commander is loaded here: what
 * a command needs is imported once it is known, so that --version and --help start in milliseconds.
 */
export const run = async (process: NodeJS.Process): Promise<void> => {
  const [first, ...asked] = process.argv.slice(2);
  // A shell that completes a line, in its scripts' own words: no command of people.
  if (first === '__complete') return (await import('./act.ts')).complete(asked, process);
  const act: Act = async (name, args, flags) => (await import('./act.ts')).act(name, args, flags, process, __VERSION__);
  process.exitCode = await runProgram(process.argv.slice(2), __VERSION__, act, {
    out: text => void process.stdout.on('error', ignore).write(text),
    err: text => void process.stderr.on('error', ignore).write(text),
    columns: () => process.stdout.columns || Number(process.env['COLUMNS']) || undefined,
  });
};

/** Whoever closed our stdout or stderr does not want to read on: no reason to fail. */
const ignore = (): void => {};
