import { type Actions, runProgram } from './cli/program.ts';
import type { Interrupts } from './commands/context/interrupts.ts';
import type * as Acting from './commands/run-command.ts';
import { columnsOf, print } from './io/output/print.ts';

declare const __VERSION__: string;

/**
 * Runs the process's command line, and leaves the exit code for the loop to drain. Only commander is loaded here: what
 * a command needs is imported once it is known, so that --version and --help start in milliseconds.
 */
export const run = async (
  process: NodeJS.Process,
  loadAct: () => Promise<typeof Acting>,
  interrupts: Interrupts,
): Promise<void> => {
  const [first, ...asked] = process.argv.slice(2);
  // A shell that completes a line, in its scripts' own words: no command of people.
  if (first === '__complete') return (await loadAct()).complete(asked, process, interrupts);
  const actions: Actions = {
    act: async (name, args, flags) =>
      (await loadAct()).act(name, args, flags, { process, interrupts, version: __VERSION__ }),
    refuse: async error => (await loadAct()).refuseIn(process, error),
  };
  const [stdout, stderr] = [
    { fd: 1, stream: () => process.stdout },
    { fd: 2, stream: () => process.stderr },
  ] as const;
  process.exitCode = await runProgram(process.argv.slice(2), __VERSION__, actions, {
    out: text => print(stdout, text),
    err: text => print(stderr, text),
    columns: () => columnsOf(stdout) ?? (Number(process.env['COLUMNS']) || undefined),
  });
};
