import { usageError } from '../core/errors.ts';
import { longFlag, type OptionSpec, type Values, variableOf } from './option.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What commander collected: the text of each flag, true for a switch. */
export type RawOptions = Readonly<Record<string, unknown>>;

type Table = Readonly<Record<string, OptionSpec>>;

/** The values of all options of a table: the flag, then `OAI_UPLOAD_<FLAG>`, then the option's other variables. */
export const resolveOptions = <T extends Table>(table: T, raw: RawOptions, env: Environment): Values<T> =>
  Object.fromEntries(
    Object.entries(table).map(([name, option]) => [name, resolve(name, option, raw, env)]),
  ) as Values<T>;

function resolve(name: string, option: OptionSpec, raw: RawOptions, env: Environment): unknown {
  const flag = fromFlag(name, option, raw);
  if (flag !== undefined) return option.isSwitch && !option.repeatable ? true : parse(option, flag, longFlag(option));
  for (const variable of [variableOf(option), ...(option.variables ?? [])]) {
    const text = env[variable];
    // An empty variable is how a shell says "not set".
    if (text !== undefined && text !== '') return parse(option, text, variable);
  }
  return undefined;
}

/** commander keeps `--no-md5` as `md5: false`. */
const fromFlag = (name: string, option: OptionSpec, raw: RawOptions): string | undefined => {
  const negated = longFlag(option).startsWith('--no-');
  const value = raw[negated ? `${name.charAt(2).toLowerCase()}${name.slice(3)}` : name];
  if (option.repeatable) return value === undefined ? undefined : [value].flat().join('\n');
  if (option.isSwitch) return value === !negated ? 'true' : undefined;
  return typeof value === 'string' ? value : undefined;
};

function parse(option: OptionSpec, text: string, where: string): unknown {
  const value = option.parse(text);
  if (value === undefined) throw usageError(`${where} takes ${option.expects}, not "${text}"`);
  return value;
}
