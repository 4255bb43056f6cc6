import { parseDuration, parseSize, parseSwitch } from '../../core/policy/units.ts';

type JsonType = 'boolean' | 'integer' | 'string' | 'array';

/** What a value is in the config file, as a JSON Schema says it. */
export type JsonForm = {
  readonly type: JsonType | readonly JsonType[];
  readonly enum?: readonly (string | boolean)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: { readonly type: 'string' };
};

/** What a shell may offer for a value: these words, or what is found when it is asked. */
export type Offer = readonly string[] | 'files' | 'folders' | 'profiles';

/** One option: its flag, what it says in --help, and how its text becomes a value. */
export type OptionSpec<T = unknown> = {
  readonly flags: string;
  readonly description: string;
  /** What holds where nothing is said, for people. */
  readonly default?: string;
  /** The heading that it stands under in --help. */
  readonly group?: string;
  readonly offers?: Offer;
  readonly json: JsonForm;
  /** Variables that set it besides `OAI_UPLOAD_<FLAG>`, in this order, after it. */
  readonly variables?: readonly string[];
  /** Its value where the flag stands alone. A value then follows `=` only. */
  readonly bare?: string;
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

/** Options under one heading. */
export const inGroup = <const Table extends Readonly<Record<string, OptionSpec>>>(group: string, table: Table): Table =>
  Object.fromEntries(Object.entries(table).map(([name, option]) => [name, { ...option, group }])) as unknown as Table;

type More = Partial<Pick<OptionSpec, 'variables' | 'default' | 'offers'>>;

const spec =
  <T>(expects: string, parse: (text: string) => T | undefined, extra: Partial<OptionSpec<T>> = {}) =>
  (flags: string, description: string, more: More = {}): OptionSpec<T> => ({
    flags,
    description,
    expects,
    parse,
    json: { type: 'string' },
    ...extra,
    ...more,
  });

/** Any text but none. */
export const textOption = spec('a value', text => (text === '' ? undefined : text));

/** The path of a file. */
export const fileOption: typeof textOption = (flags, description, more) =>
  textOption(flags, description, { offers: 'files', ...more });

/** The path of a folder. */
export const folderOption: typeof textOption = (flags, description, more) =>
  textOption(flags, description, { offers: 'folders', ...more });

export const switchOption = spec('one of 1, true, yes, 0, false, no', parseSwitch, {
  isSwitch: true,
  json: { type: 'boolean' },
});

export const durationOption = spec('a duration like 30s, 5m, 2h, 7d', parseDuration);

/** A size between bounds, in bytes. */
export const sizeOption = (min: number, max: number, bounds: string) =>
  spec(
    `a size ${bounds} (like 8MiB, 64MB, 1.5GB, or plain bytes)`,
    text => {
      const bytes = parseSize(text);
      return bytes !== undefined && bytes >= min && bytes <= max ? bytes : undefined;
    },
    { json: { type: ['string', 'integer'], minimum: min, maximum: max } },
  );

export const choiceOption = <const Choice extends string>(choices: readonly Choice[]) =>
  spec(`one of ${choices.join(', ')}`, text => choices.find(choice => choice === text), {
    json: { type: 'string', enum: choices },
    offers: choices,
  });

/** A whole number between bounds. */
export const numberOption = (min: number, max: number) =>
  spec(`a whole number from ${min} to ${max}`, text => wholeNumber(text, min, max), {
    json: { type: 'integer', minimum: min, maximum: max },
  });

/** A whole number between bounds, or a word. */
export const numberOr = <const Word extends string>(word: Word, min: number, max: number) =>
  spec(
    `${word}, or a whole number from ${min} to ${max}`,
    (text): number | Word | undefined => (text === word ? word : wholeNumber(text, min, max)),
    { json: { type: ['string', 'integer'], minimum: min, maximum: max }, offers: [word] },
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
    { isSwitch: true, repeatable: true, json: { type: ['boolean', 'integer'], minimum: 0, maximum: most } },
  );

/** Lines of text, each of which may be given alone. */
export const linesOption = <T>(expects: string, parse: (lines: string) => T | undefined) =>
  spec(expects, parse, { repeatable: true, json: { type: ['string', 'array'], items: { type: 'string' } } });

/** `--part-size <size>` → `--part-size`. */
export const longFlag = ({ flags }: OptionSpec): string => /--[a-z0-9-]+/.exec(flags)?.[0] ?? flags;

/** `--part-size <size>` → `part-size`, its name in the config file. */
export const keyOf = (option: OptionSpec): string => longFlag(option).slice(2);

/** `--part-size <size>` → `OAI_UPLOAD_PART_SIZE`. */
export const variableOf = (option: OptionSpec): string =>
  `OAI_UPLOAD_${keyOf(option).replaceAll('-', '_').toUpperCase()}`;

/** Every variable that sets it, in their order. */
export const variablesOf = (option: OptionSpec): readonly string[] => [variableOf(option), ...(option.variables ?? [])];
