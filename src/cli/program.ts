import { Argument, Command, CommanderError, Option } from 'commander';
import type { UploadError } from '../core/errors/errors.ts';
import type { CommandSpec } from './command-spec.ts';
import { about, type CommandName, commandNamed, commands } from './command-table.ts';
import { everyExitCode } from './exit-codes.ts';
import { describe, type Ending, GENERAL, helpEnding, helpLayout, helpWidth } from './help.ts';
import { globalOptions } from './options/global-options.ts';
import { longFlag, type OptionSpec } from './options/option.ts';
import type { Flags } from './options/resolve.ts';

/** What becomes of a command line; the exit code comes back. */
export type Actions = {
  /** Runs a command with its arguments and the texts of its flags. */
  act(name: CommandName, args: readonly string[], flags: Flags): Promise<number>;
  /** Shows what is wrong with the command line. */
  refuse(error: UploadError): Promise<number>;
};

export type Streams = {
  out(text: string): void;
  err(text: string): void;
  /** Columns of a line of help, where they are known. */
  columns(): number | undefined;
};

/** Runs the command that the arguments name. Help and versions are answered here. */
export const runProgram = async (
  argv: readonly string[],
  version: string,
  actions: Actions,
  streams: Streams,
): Promise<number> => {
  let exitCode = 0;
  const program = createProgram(version, streams);
  program.command('version', { hidden: true }).action(() => streams.out(`${version}\n`));
  for (const [name, spec] of neededFor(argv)) {
    const command = addCommand(program, name, spec);
    // Only a command that is named needs more than what help lists: --help starts in milliseconds.
    if (![name, ...(spec.aliases ?? [])].some(word => argv.includes(word))) continue;
    ended(withOptions(command, spec.options), spec, streams).action(async () => {
      exitCode = await actions.act(name, command.args, command.optsWithGlobals());
    });
  }
  try {
    await program.parseAsync(withBareValues(argv), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help or the version was shown.
    if (error.exitCode === 0) return 0;
    const { usageErrorOf } = await import('./usage-errors.ts');
    return actions.refuse(usageErrorOf(error, argv, Object.keys(commands)));
  }
};

type NamedSpec = readonly [CommandName, CommandSpec];

/** A line that begins with a command needs no other one. */
const neededFor = ([first = '']: readonly string[]): readonly NamedSpec[] => {
  const all = Object.entries(commands) as readonly NamedSpec[];
  const named = commandNamed(first);
  return named ? all.filter(([name]) => name === named) : all;
};

/** commander would take the word behind a flag for its value: `--check data.jsonl`. */
const withBareValues = (argv: readonly string[]): string[] => {
  const bare = Object.values(commands).flatMap(({ options }) =>
    Object.values<OptionSpec>(options).flatMap(spec =>
      spec.bare === undefined ? [] : [[longFlag(spec), spec.bare] as const],
    ),
  );
  const values = new Map(bare);
  const end = argv.indexOf('--');
  return argv.map((word, index) =>
    values.has(word) && (end < 0 || index < end) ? `${word}=${values.get(word)}` : word,
  );
};

function createProgram(version: string, streams: Streams): Command {
  const width = () => helpWidth(streams.columns());
  const program = new Command('oai-upload')
    .description(about.description)
    .usage('<command> [options]')
    .optionsGroup(GENERAL)
    .version(version, '-V, --version', 'print the version')
    .configureHelp(helpLayout)
    .configureOutput({
      writeOut: streams.out,
      writeErr: streams.err,
      // Mistakes are shown in our own words.
      outputError: () => {},
      // Without colours the streams need not be loaded to ask whether they support any.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      getOutHelpWidth: width,
      getErrHelpWidth: width,
    })
    .showSuggestionAfterError()
    .exitOverride();
  return ended(withOptions(program, globalOptions), { ...about, exits: everyExitCode }, streams);
}

function addCommand(program: Command, name: string, spec: CommandSpec): Command {
  const command = program
    .command(name)
    .aliases(spec.aliases ?? [])
    .description(spec.description)
    .usage(spec.synopsis)
    .optionsGroup(GENERAL);
  for (const { syntax, description } of spec.arguments ?? []) command.addArgument(new Argument(syntax, description));
  return command;
}

const ended = (command: Command, ending: Ending, streams: Streams): Command =>
  command
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', () => helpEnding(ending, helpWidth(streams.columns())));

const withOptions = (command: Command, table: Readonly<Record<string, OptionSpec>>): Command => {
  for (const spec of Object.values(table)) {
    const option = describe(new Option(spec.flags), spec);
    if (spec.group) option.helpGroup(spec.group);
    if (spec.repeatable && spec.isSwitch) option.argParser(counted);
    else if (spec.repeatable) option.argParser(collected);
    command.addOption(option);
  }
  return command;
};

const counted = (_text: string, before: number | undefined): number => (before ?? 0) + 1;

const collected = (text: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), text];
