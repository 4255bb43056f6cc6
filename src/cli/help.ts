import { type Argument, type Command, Help, type Option } from 'commander';
import type { ErrorCode } from '../core/errors/errors.ts';
import type { Example } from './command-spec.ts';
import { exitRows } from './exit-codes.ts';
import { type OptionSpec, variablesOf } from './options/option.ts';

/** The heading of what every command has. */
export const GENERAL = 'General options:';

/** A terminal that is narrower, or a description with less room, gets the description below its term. */
const LEAST_ROOM = 40;

const [NARROWEST, WIDEST] = [30, 100];

/** As wide as the terminal; without one as COLUMNS says. */
export const helpWidth = (columns: number | undefined): number => Math.min(Math.max(columns ?? 80, NARROWEST), WIDEST);

/** Whose description --help prints. */
const specs = new WeakMap<Option, OptionSpec>();

/** Tells --help what an option is; its text is made only where it is shown. */
export const describe = (option: Option, spec: OptionSpec): Option => {
  specs.set(option, spec);
  return option;
};

const optionDescription = (option: Option): string => {
  const spec = specs.get(option);
  return spec ? describeOption(spec) : option.description;
};

/** What --help says of an option: what it does, what holds without it, and its variables. */
const describeOption = (option: OptionSpec): string => {
  const byDefault = option.default === undefined ? '' : `default: ${option.default}; `;
  return `${option.description} (${byDefault}env: ${variablesOf(option).join(', ')})`;
};

/** The layout of --help, for every command. */
export const helpLayout: Partial<Help> & ThisType<Help> = {
  minWidthToWrap: 20,
  visibleOptions,
  optionDescription,
  formatHelp,
  formatItem,
  // An alias is a habit of other tools, not a second name to learn.
  subcommandTerm: command => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
  commandUsage: command => [command.parent?.name(), command.name(), command.usage()].filter(Boolean).join(' '),
  styleUsage(usage) {
    return hang(this.boxWrap(usage, (this.helpWidth ?? 80) - 'Usage: '.length), 'Usage: '.length);
  },
};

/** Its own, then those of the program, in the same groups; what every program has comes last. */
function visibleOptions(this: Help, command: Command): Option[] {
  const own = Help.prototype.visibleOptions.call(this, command);
  const all = [...own.filter(({ long }) => long !== '--help'), ...(command.parent?.options ?? []), ...own];
  const isGeneral = ({ helpGroupHeading }: Option): boolean => helpGroupHeading === GENERAL;
  return [...new Set([...all.filter(option => !isGeneral(option)), ...all.filter(isGeneral)])];
}

/** Commands stand before options: they are what a newcomer looks for. */
function formatHelp(this: Help, command: Command, helper: Help): string {
  const sections = Help.prototype.formatHelp.call(this, command, helper).trimEnd().split('\n\n');
  const isOfCommands = (section: string): boolean => section.startsWith('Commands:');
  const [usage, description, ...others] = sections.filter(section => !isOfCommands(section));
  return `${[usage, description, ...sections.filter(isOfCommands), ...others].join('\n\n')}\n`;
}

function formatItem(this: Help, term: string, termWidth: number, description: string, helper: Help): string {
  const width = this.helpWidth ?? 80;
  if (width - termWidth - 4 >= LEAST_ROOM)
    return Help.prototype.formatItem.call(this, term, termWidth, description, helper);
  return `  ${term}${description && `\n      ${hang(this.boxWrap(description, width - 6), 6)}`}`;
}

const argumentTerm = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

const hang = (text: string, indent: number): string => text.replaceAll('\n', `\n${' '.repeat(indent)}`);

export type Ending = {
  readonly examples: readonly Example[];
  readonly exits: readonly ErrorCode[];
  readonly aliases?: readonly string[];
};

/** What stands below the options: other names, examples, and how the command may end. */
export function helpEnding({ examples, exits, aliases = [] }: Ending, width: number): string {
  const help = Object.assign(new Help(), helpLayout, { helpWidth: width });
  const shown = examples.map(([does, line]) => `  # ${does}\n  ${continued(line, width - 2)}`);
  const rows = exitRows(exits);
  const codeWidth = Math.max(...rows.map(([code]) => code.length));
  const codes = rows.map(([code, words]) => help.formatItem(code, codeWidth, words, help));
  const others = aliases.length === 0 ? [] : ['', 'Aliases:', `  ${aliases.join(', ')}`];
  return [...others, '', 'Examples:', ...shown, '', 'Exit codes:', ...codes].join('\n');
}

/** A line of shell, broken before a flag or an operator where it is too long. */
function continued(line: string, width: number): string {
  const [first = '', ...chunks] = line.split(/ (?=--|\||&&|>)/);
  const lines = [first];
  for (const chunk of chunks) {
    const longer = `${lines.at(-1)} ${chunk}`;
    if (`${longer} \\`.length + (lines.length > 1 ? 4 : 0) > width) lines.push(chunk);
    else lines[lines.length - 1] = longer;
  }
  return lines.join(' \\\n      ');
}
