import { Command, CommanderError, Option } from 'commander';
import type { OptionSpec } from './option.ts';
import {
  cancelOptions,
  checkOptions,
  doctorOptions,
  globalOptions,
  pushOptions,
  resumeOptions,
  verifyOptions,
} from './options.ts';
import type { Flags } from './resolve.ts';
import { serveOptions } from './serve-options.ts';

/** What a command does with its arguments and the texts of its flags; the exit code comes back. */
export type Act = (name: CommandName, args: readonly string[], flags: Flags) => Promise<number>;
export type CommandName = keyof typeof commands;

export type Streams = { out(text: string): void; err(text: string): void };

type Table = Readonly<Record<string, OptionSpec>>;
type CommandSpec = {
  readonly description: string;
  readonly arguments?: readonly (readonly [syntax: string, description: string])[];
  readonly options: Table;
};

const commands = {
  push: {
    description: 'upload files; goes on by itself where an earlier run of the same file stopped',
    arguments: [['[file...]', 'files to upload; - is stdin']],
    options: pushOptions,
  },
  resume: {
    description: 'go on with saved uploads, without naming the flags again',
    arguments: [['[id-or-file...]', 'upload ids or files']],
    options: resumeOptions,
  },
  list: { description: 'list saved uploads', options: {} },
  show: { description: 'show one saved upload', arguments: [['<id-or-file>', 'upload id or file']], options: {} },
  cancel: {
    description: 'cancel saved uploads at the server, then forget them',
    arguments: [['[id-or-file...]', 'upload ids or files']],
    options: cancelOptions,
  },
  clean: { description: 'forget expired and finished uploads, remove stale locks', options: {} },
  verify: {
    description: 'compare a local file with what the server holds',
    arguments: [
      ['<file>', 'local file'],
      ['<file-id>', 'id of the File'],
    ],
    options: verifyOptions,
  },
  check: {
    description: 'check files for their purpose before they are sent: no key, no network',
    arguments: [['<file...>', 'files to check']],
    options: checkOptions,
  },
  doctor: {
    description: 'look at all that an upload from here needs: key, line, server, state folder, rate',
    options: doctorOptions,
  },
  serve: {
    description: 'run the embedded server: the same API on this machine, files kept in a folder',
    options: serveOptions,
  },
} as const satisfies Record<string, CommandSpec>;

const examples = `
Examples:
  oai-upload push data.jsonl --purpose fine-tune
  id=$(oai-upload push data.jsonl --purpose batch)
  oai-upload push data.jsonl --purpose batch --local     (no key, no network)

Exit codes: 0 done, 2 usage, 3 file, 4 key, 5 try again later, 6 rejected, 7 integrity, 8 expired, 9 uncertain, 11 locked, 130 interrupted`;

/** Runs the command that the arguments name. Help, versions and mistakes of usage are answered here. */
export const runProgram = async (
  argv: readonly string[],
  version: string,
  act: Act,
  streams: Streams,
): Promise<number> => {
  let exitCode = 0;
  const program = createProgram(version, streams);
  for (const [name, spec] of Object.entries(commands)) {
    // Only a command that is named gets its options: --version and --help start in milliseconds.
    const named = argv.includes(name) ? spec : { ...spec, options: {} };
    addCommand(program, name, named, async (args, flags) => {
      exitCode = await act(name as CommandName, args, flags);
    });
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return isAskedFor(error, argv) ? 0 : 2;
    throw error;
  }
};

/** commander ends help and versions by an error too; help that nobody asked for is a mistake of usage. */
const isAskedFor = ({ code, exitCode }: CommanderError, argv: readonly string[]): boolean =>
  exitCode === 0 || (code === 'commander.help' && argv.length > 0);

const createProgram = (version: string, { out, err }: Streams): Command =>
  withOptions(new Command('oai-upload'), globalOptions)
    .description('Upload large files to the OpenAI Uploads API: resumable, concurrent, verified.')
    .version(version, '-V, --version', 'print the version')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: out, writeErr: err })
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText('after', examples);

function addCommand(
  program: Command,
  name: string,
  { description, arguments: args = [], options }: CommandSpec,
  run: (args: readonly string[], flags: Flags) => Promise<void>,
): void {
  const command = withOptions(program.command(name).description(description), options);
  for (const argument of args) command.argument(...argument);
  command.action(async () => run(command.args, command.optsWithGlobals()));
}

const withOptions = (command: Command, table: Table): Command => {
  for (const { flags, description, repeatable, isSwitch = false } of Object.values(table)) {
    const option = new Option(flags, description);
    if (repeatable && isSwitch) option.argParser(counted);
    else if (repeatable) option.argParser(collected);
    command.addOption(option);
  }
  return command;
};

const counted = (_text: string, before: number | undefined): number => (before ?? 0) + 1;

const collected = (text: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), text];
