import { type CommandName, commandNamed, commands } from '../command-table.ts';
import { globalOptions } from '../options/global-options.ts';
import { longFlag, type OptionSpec } from '../options/option.ts';

import type { Flags } from '../options/resolve.ts';

type Table = Readonly<Record<string, OptionSpec>>;

/** What the words before the cursor say. */
export type Line = {
  readonly command: CommandName | 'help' | undefined;
  readonly args: readonly string[];
  /** The values of the flags, as commander would have them. */
  readonly flags: Readonly<Record<string, string>>;
  /** Long flags that are there already. */
  readonly given: ReadonlySet<string>;
  /** The flag whose value comes next. */
  readonly awaits: OptionSpec | undefined;
  /** After `--` nothing is a flag. */
  readonly takesFlags: boolean;
};

const empty: Line = {
  command: undefined,
  args: [],
  flags: {},
  given: new Set(),
  awaits: undefined,
  takesFlags: true,
};

/** Reads the words one by one; what it does not know it leaves out. */
export const readWords = (words: readonly string[]): Line => words.reduce(afterWord, empty);

/** The flags that can be made out in a command line that has a mistake in it. */
export const recognisedFlags = (words: readonly string[]): Flags => {
  const { flags } = readWords(words);
  const end = words.indexOf('--');
  const isJson = words.slice(0, end < 0 ? words.length : end).includes('--json');
  return { ...flags, ...(isJson && { json: true }) };
};

function afterWord(line: Line, word: string): Line {
  if (line.awaits) return { ...withValue(line, line.awaits, word), awaits: undefined };
  if (line.takesFlags && word === '--') return { ...line, takesFlags: false };
  if (line.takesFlags && word.startsWith('-')) return afterFlag(line, word);
  if (line.command === undefined) return { ...line, command: word === 'help' ? word : commandNamed(word) };
  return { ...line, args: [...line.args, word] };
}

function afterFlag(line: Line, word: string): Line {
  const [flag = '', ...value] = word.split('=');
  const option = Object.values(tableOf(line)).find(({ flags }) => flags.split(/[ ,]+/).includes(flag));
  if (!option) return line;
  const given = new Set([...line.given, longFlag(option)]);
  if (value.length > 0) return withValue({ ...line, given }, option, value.join('='));
  return { ...line, given, awaits: option.isSwitch ? undefined : option };
}

const withValue = (line: Line, option: OptionSpec, value: string): Line => {
  const name = Object.entries(tableOf(line)).find(([, one]) => one === option)?.[0] ?? '';
  return { ...line, flags: { ...line.flags, [name]: value } };
};

/** Every option that may stand there. */
export const tableOf = ({ command }: Pick<Line, 'command'>): Table => ({
  ...(command !== undefined && command !== 'help' && commands[command].options),
  ...globalOptions,
});
