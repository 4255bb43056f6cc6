import type { CommandSpec } from '../command-spec.ts';
import { about, commands } from '../command-table.ts';
import { configuredKeyOptions } from '../config/keys.ts';
import { everyExitCode, exitRows } from '../exit-codes.ts';
import { globalOptions } from '../options/global-options.ts';
import { longFlag, type OptionSpec, variablesOf } from '../options/option.ts';
import { bold, italic, item, quoted, section, text, verbatim } from './troff.ts';

const all = Object.entries(commands) as readonly (readonly [name: string, spec: CommandSpec])[];

/** The manual page, section 1, in the man macros that groff and mandoc read. Date: `2026-01-31`. */
export const manPage = (version: string, date: string): string =>
  `${[
    `.TH OAI\\-UPLOAD 1 ${date} "oai\\-upload ${version}" "User Commands"`,
    section('Name', [`oai\\-upload \\- ${text('resumable, concurrent, verified uploads to the OpenAI Uploads API')}`]),
    section('Synopsis', synopsis()),
    section('Description', description),
    section('Commands', all.flatMap(command)),
    section('Options', groups().flatMap(group)),
    section('Configuration', configuration()),
    section('Environment', environment()),
    section('Files', files),
    section(
      'Exit status',
      exitRows(everyExitCode).flatMap(([code, words]) => item(bold(code), [text(sentence(words))])),
    ),
    section(
      'Examples',
      all.flatMap(([, { examples }]) => examples).flatMap(([does, line]) => example(does, line)),
    ),
  ].join('\n')}\n`;

const synopsis = (): readonly string[] =>
  all.flatMap(([name, spec], index) => [
    ...(index > 0 ? ['.br'] : []),
    `${bold(`oai-upload ${name}`)} ${text(spec.synopsis)}`,
  ]);

const description: readonly string[] = [
  text(about.description),
  '.PP',
  text('An Upload at OpenAI lives one hour, and the server cannot be asked what it holds. So every finished part is'),
  text('on disk, with a check value, before it is called finished: the same command run again goes on from there.'),
  '.PP',
  text('Standard output is the result and nothing else: the file id. Everything for people goes to standard error.'),
];

const command = ([name, spec]: readonly [string, CommandSpec]): readonly string[] =>
  item(`${bold(name)} ${text(spec.synopsis.replace(/ ?\[options\]$/, ''))}`.trimEnd(), [
    text(sentence(spec.description)),
    ...(spec.aliases ? [text(`Other names: ${spec.aliases.join(', ')}.`)] : []),
    ...(spec.arguments ?? []).flatMap(({ syntax, description: does }) => [
      '.br',
      `${italic(syntax.replaceAll(/[<>[\].]/g, ''))}: ${text(`${does}.`)}`,
    ]),
  ]);

type Grouped = { readonly name: string; readonly rows: readonly (readonly [OptionSpec, string])[] };

/** Every option once, under its heading, with the commands that take it. */
function groups(): readonly Grouped[] {
  const rows = new Map<string, Map<string, readonly [OptionSpec, string]>>();
  const add = (option: OptionSpec, takers: string): void => {
    const name = (option.group ?? '').replace(/:$/, '');
    const ofGroup = rows.get(name) ?? new Map();
    rows.set(name, ofGroup.set(longFlag(option), [option, takers]));
  };
  for (const [, { options }] of all)
    for (const option of Object.values(options)) add(option, `Of ${takersOf(option).join(', ')}.`);
  for (const option of Object.values(globalOptions)) add(option, '');
  return [...rows].map(([name, ofGroup]) => ({ name, rows: [...ofGroup.values()] }));
}

const takersOf = (option: OptionSpec): readonly string[] =>
  all
    .filter(([, { options }]) => Object.values(options).some(one => longFlag(one) === longFlag(option)))
    .map(([name]) => name);

const group = ({ name, rows }: Grouped): readonly string[] => [
  `.SS ${quoted(name)}`,
  ...rows.flatMap(([option, takers]) =>
    item(flags(option), [
      text(`${sentence(option.description)}${takers && ` ${takers}`}`),
      ...(option.default === undefined ? [] : [text(`Default: ${option.default}.`)]),
    ]),
  ),
];

/** `-q, --quiet`, `--part-size <size>`: what is typed bold, what stands for something else slanted. */
const flags = (option: OptionSpec): string =>
  option.flags.replaceAll(/-[\w-]+|<[^>]+>/g, word => (word.startsWith('<') ? italic(word.slice(1, -1)) : bold(word)));

const configuration = (): readonly string[] => [
  text(
    'The config file is JSON. Its keys are the long names of flags, without the dashes; each command uses those that',
  ),
  text('it knows. A switch is true or false, a flag that may be given again takes a list. Relative paths begin at the'),
  text(
    'folder of the file, and ~ is the home folder. "profiles" holds named sets of the same keys, which lie over the',
  ),
  text('top level where --profile names them, or "profile" in the file does. Besides there is'),
  ...item(bold('api-key-variable'), [text(sentence(configuredKeyOptions.apiKeyVariable.description))]),
  '.PP',
  text('A config file that holds an API key itself is refused. A flag comes first, then OAI_UPLOAD_*, then OPENAI_*,'),
  text('then the config file. OAI_UPLOAD_JSON=0 turns off a switch that the file turns on.'),
];

const environment = (): readonly string[] => [
  ...item(bold('OPENAI_API_KEY'), [text('The key.')]),
  ...item(`${bold('OAI_UPLOAD_')}${italic('FLAG')}`, [
    text(
      'Sets a flag by its long name: OAI_UPLOAD_PART_SIZE is --part-size. Switches take 1, true, yes, 0, false, no.',
    ),
  ]),
  ...Object.values(globalOptions).flatMap(option =>
    variablesOf(option)
      .slice(1)
      .flatMap(variable => item(bold(variable), [text(`As ${longFlag(option)}.`)])),
  ),
  ...item(bold('AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_AD_TOKEN, AZURE_OPENAI_API_KEY, OPENAI_API_VERSION'), [
    text('Azure OpenAI, where neither a base URL nor OPENAI_API_KEY is set.'),
  ]),
  ...item(bold('HTTPS_PROXY, HTTP_PROXY, NO_PROXY'), [text('The proxy, and what is reached without it.')]),
  ...item(bold('NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE'), [text('Whether there are colours.')]),
];

const files: readonly string[] = [
  ...item(text('$XDG_CONFIG_HOME/oai-upload/config.json'), [text('The config file (~/.config on Linux).')]),
  ...item(text('$XDG_STATE_HOME/oai-upload/'), [text('Saved uploads (~/.local/state on Linux).')]),
];

const example = (does: string, line: string): readonly string[] =>
  item(text(sentence(does)), ['.nf', verbatim(line), '.fi']);

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
