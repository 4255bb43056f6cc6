import { usageError } from '../../core/errors/errors.ts';
import { globalOptions } from '../options/global-options.ts';
import { keyOf, type OptionSpec, textOption } from '../options/option.ts';
import { cancelOptions, checkOptions, doctorOptions, pushOptions, resumeOptions } from '../options/options.ts';
import { serveOptions } from '../options/serve-options.ts';

/** What the config file says of the key: where it is, never what it is. */
export const configuredKeyOptions = {
  apiKeyFile: globalOptions.apiKeyFile,
  apiKeyCommand: globalOptions.apiKeyCommand,
  /** No flag: who names a variable on a command line can set OPENAI_API_KEY there. */
  apiKeyVariable: {
    ...textOption('--api-key-variable <name>', 'environment variable that holds the key; in the config file only'),
    expects: 'the name of an environment variable, like MY_KEY',
    parse: variableName,
  },
} as const;

/** The sentence never holds the text: it may be a key that was put in the wrong place. */
function variableName(text: string): string {
  if (/^[a-z_]\w*$/i.test(text)) return text;
  throw usageError('this is not the name of an environment variable, like MY_KEY');
}

/** Of these a key is named by one. */
export const keyPlaces: readonly string[] = Object.values(configuredKeyOptions).map(keyOf);

/** A setting, and what it takes in JSON, in words. */
export type ConfigKey = OptionSpec & { readonly takes: string };

const { profile: _ofTheTopLevel, ...settable } = { ...globalOptions, ...configuredKeyOptions };

const tables: readonly Readonly<Record<string, OptionSpec>>[] = [
  settable,
  pushOptions,
  resumeOptions,
  cancelOptions,
  checkOptions,
  doctorOptions,
  serveOptions,
];

/** Every setting of the config file by its name: the long name of each flag, whichever command it is of. */
export const configKeys: ReadonlyMap<string, ConfigKey> = new Map(
  tables.flatMap(table => Object.values(table)).map(option => [keyOf(option), { ...option, takes: takesOf(option) }]),
);

function takesOf({ json, expects }: OptionSpec): string {
  const types = [json.type].flat();
  if (types.includes('boolean')) return types.includes('integer') ? `true, false or ${expects}` : 'true or false';
  if (types.includes('array')) return 'a text or a list of texts';
  return expects === 'a value' ? 'a text' : expects;
}
