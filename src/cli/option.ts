import { parseDuration, parseSize, parseSwitch } from '../core/units.ts';

/** One option: its flag, what it says in --help, and how its text becomes a value. */
export type OptionSpec<T = unknown> = {
  readonly flags: string;
  readonly description: string;
  /** Variables that set it besides `OAI_UPLOAD_<FLAG>`, in this order, after it. */
  readonly variables?: readonly string[];
  /** Takes no value on the command line. */
  readonly isSwitch?: boolean;
  /** May be given again: a switch is counted, values are lines of one text. */
  readonly repeatable?: boolean;
  /** What a value must be, for the sentence that refuses another. */
  readonly expects: string;
  parse(text: string): T | undefined;
};

/** The values of a table of options; what was not given anywhere is undefined. */
export type Values<Table extends Readonly<Record<string, OptionSpec>>> = {
  readonly [Name in keyof Table]: NonNullable<ReturnType<Table[Name]['parse']>> | undefined;
};

type More = Partial<Pick<OptionSpec, 'variables'>>;

const spec =
  <T>(expects: string, parse: (text: string) => T | undefined, extra: Partial<OptionSpec<T>> = {}) =>
  (flags: string, description: string, more: More = {}): OptionSpec<T> => ({
    flags,
    description,
    expects,
    parse,
    ...extra,
    ...more,
  });

/** Any text but none. */
export const textOption = spec('a value', text => (text === '' ? undefined : text));

export const switchOption = spec('one of 1, true, yes, 0, false, no', parseSwitch, { isSwitch: true });

export const durationOption = spec('a duration like 30s, 5m, 2h, 7d', parseDuration);

/** A size between bounds, in bytes. */
export const sizeOption = (min: number, max: number, bounds: string) =>
  spec(`a size ${bounds} (like 8MiB, 64MB, 1.5GB, or plain bytes)`, text => {
    const bytes = parseSize(text);
    return bytes !== undefined && bytes >= min && bytes <= max ? bytes : undefined;
  });

export const choiceOption = <const Choice extends string>(choices: readonly Choice[]) =>
  spec(`one of ${choices.join(', ')}`, text => choices.find(choice => choice === text));

/** A whole number between bounds. */
export const numberOption = (min: number, max: number) =>
  spec(`a whole number from ${min} to ${max}`, text => wholeNumber(text, min, max));

/** A whole number between bounds, or a word. */
export const numberOr = <const Word extends string>(word: Word, min: number, max: number) =>
  spec(`${word}, or a whole number from ${min} to ${max}`, (text): number | Word | undefined =>
    text === word ? word : wholeNumber(text, min, max),
  );

const wholeNumber = (text: string, min: number, max: number): number | undefined => {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return number >= min && number <= max ? number : undefined;
};

/** A switch that counts: `-vv` is 2; in the environment a number, or on and off. */
export const countOption = (most: number) =>
  spec(
    `a whole number from 0 to ${most}`,
    text => (/^\d+$/.test(text) ? Math.min(Number(text), most) : wholeNumber(`${Number(parseSwitch(text))}`, 0, most)),
    { isSwitch: true, repeatable: true },
  );

/** Lines of text, of which each may be given by itself. */
export const linesOption = <T>(expects: string, parse: (lines: string) => T | undefined) =>
  spec(expects, parse, { repeatable: true });

/** `--part-size <size>` → `--part-size`. */
export const longFlag = ({ flags }: OptionSpec): string => /--[a-z0-9-]+/.exec(flags)?.[0] ?? flags;

/** `--part-size <size>` → `OAI_UPLOAD_PART_SIZE`. */
export const variableOf = (option: OptionSpec): string =>
  `OAI_UPLOAD_${longFlag(option).slice(2).replaceAll('-', '_').toUpperCase()}`;
