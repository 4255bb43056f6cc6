import { usageError } from '../../core/errors/errors.ts';
import { keyOf, longFlag, type OptionSpec, type Values, variablesOf } from './option.ts';
import { didYouMean } from './suggest.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What commander collected: the text of each flag, true for a switch. */
export type Flags = Readonly<Record<string, unknown>>;

/** A value of the config file as text, and where it stands there. */
export type Setting = { readonly text: string; readonly where: string };

/** What the config file says, by the long names of the flags. */
export type Settings = ReadonlyMap<string, Setting>;

export const noSettings: Settings = new Map();

/** What was said on the command line and in the config file. */
export type RawOptions = { readonly flags: Flags; readonly settings: Settings };

type Table = Readonly<Record<string, OptionSpec>>;

/**
 * The values of all options of a table: the flag, then `OAI_UPLOAD_<FLAG>`, then the option's other variables, then the
 * config file.
 */
export const resolveOptions = <T extends Table>(table: T, raw: RawOptions, env: Environment): Values<T> =>
  Object.fromEntries(
    Object.entries(table).map(([name, option]) => [name, resolve(name, option, raw, env)]),
  ) as Values<T>;

function resolve(name: string, option: OptionSpec, { flags, settings }: RawOptions, env: Environment): unknown {
  const flag = fromFlag(name, option, flags);
  if (flag !== undefined)
    return option.isSwitch && !option.repeatable ? true : parseValue(option, flag, longFlag(option));
  for (const variable of variablesOf(option)) {
    const text = env[variable];
    // An empty variable is how a shell says "not set"; an empty switch is off.
    if (text !== undefined && (text !== '' || option.isSwitch)) return parseValue(option, text, variable);
  }
  const setting = settings.get(keyOf(option));
  return setting && parseValue(option, setting.text, setting.where);
}

/** commander keeps `--no-md5` as `md5: false`. */
const fromFlag = (name: string, option: OptionSpec, flags: Flags): string | undefined => {
  const negated = longFlag(option).startsWith('--no-');
  const value = flags[negated ? `${name.charAt(2).toLowerCase()}${name.slice(3)}` : name];
  if (option.repeatable) return value === undefined ? undefined : [value].flat().join('\n');
  if (option.isSwitch) return value === !negated ? 'true' : undefined;
  // Only names of files are more than text.
  return typeof value === 'string' ? value.toWellFormed() : undefined;
};

/** The value of a text; refused in words that say where it stands and what would do. */
export function parseValue(option: OptionSpec, text: string, where: string): unknown {
  const value = option.parse(text);
  if (value === undefined)
    throw usageError(`${where} takes ${option.expects}, not "${text}"`, didYouMean(text, wordsOf(option)));
  return value;
}

const wordsOf = ({ offers = [] }: OptionSpec): readonly string[] => (typeof offers === 'string' ? [] : offers);
