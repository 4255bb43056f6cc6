import type { Actions } from './cli/program.ts';
import type { Interrupts } from './commands/context/interrupts.ts';
import { columnsOf, print } from './io/output/print.ts';
import { exactArguments } from './io/source/exact-arguments.ts';

declare const __VERSION__: string;

/** Loads what a command needs once one is known: --help needs commander only. */
const loadCommands = () => import('./commands/run-command.ts');

const isVersion = ([first = '', ...others]: readonly string[]): boolean =>
  others.length === 0 && ['--version', '-V', 'version'].includes(first);

/** Runs the process's command line, and leaves the exit code for the loop to drain. */
export const run = async (process: NodeJS.Process, interrupts: Interrupts): Promise<void> => {
  const argv = exactArguments(process.argv.slice(2));
  const [first, ...asked] = argv;
  const [stdout, stderr] = [
    { fd: 1, stream: () => process.stdout },
    { fd: 2, stream: () => process.stderr },
  ] as const;
  // Scripts ask for it before anything else, and it needs nothing.
  if (isVersion(argv)) return print(stdout, `${__VERSION__}\n`);
  // A shell that completes a line, in its scripts' own words: no command of people.
  if (first === '__complete') return (await loadCommands()).complete(asked, process, interrupts);
  const actions: Actions = {
    act: async (name, args, flags) =>
      (await loadCommands()).act(name, args, flags, { process, interrupts, version: __VERSION__ }),
    refuse: async error => (await loadCommands()).refuseIn(process, error),
  };
  const { runProgram } = await import('./cli/program.ts');
  process.exitCode = await runProgram(argv, __VERSION__, actions, {
    out: text => print(stdout, text),
    err: text => print(stderr, text),
    columns: () => columnsOf(stdout) ?? (Number(process.env['COLUMNS']) || undefined),
  });
};
