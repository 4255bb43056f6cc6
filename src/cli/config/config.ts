import { isAbsolute, join } from 'node:path';
import { UploadError, usageError } from '../../core/errors/errors.ts';
import { parseValue, type Setting, type Settings } from '../options/resolve.ts';
import { didYouMean } from '../options/suggest.ts';
import { type ConfigKey, configKeys, keyPlaces } from './keys.ts';
import { refuseSecrets } from './secrets.ts';

/** A config file that was read, and where it was found. */
export type ConfigFile = {
  readonly path: string;
  readonly document: unknown;
  /** The folder that its relative paths begin at: its own. */
  readonly folder: string;
  /** What `~` stands for. */
  readonly home: string;
};

type Entries = Readonly<Record<string, unknown>>;

/**
 * The settings of a config file: the profile's over those of the top level. The whole file is looked at, so that a
 * mistake in any profile is told at once. Nothing of it may be a key.
 */
export const settingsOf = (file: ConfigFile, profile: string | undefined): Settings => {
  const top = requireEntries(file.document, file.path);
  refuseSecrets(top, file.path);
  const { $schema, profiles = {}, profile: byDefault, ...entries } = top;
  const byName = new Map(
    Object.entries(requireEntries(profiles, `${file.path}: profiles`)).map(([name, one]) => [
      name,
      settingsIn(requireEntries(one, `${file.path}: profiles.${name}`), `profiles.${name}.`, file),
    ]),
  );
  const base = settingsIn(entries, '', file);
  const chosen = profile ?? defaultProfile(byDefault, file);
  return chosen === undefined ? base : overlaid(base, requireProfile(chosen, byName, file));
};

function requireEntries(value: unknown, where: string): Entries {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Entries;
  throw usageError(`${where} takes an object like {"concurrency": 4}, not ${kindOf(value)}`);
}

function settingsIn(entries: Entries, prefix: string, file: ConfigFile): Settings {
  const settings = new Map(
    Object.entries(entries).map(([name, value]) => [
      name,
      settingOf(requireKnown(name, prefix, file), value, `${file.path}: ${prefix}${name}`, file),
    ]),
  );
  const [key, other] = keyPlaces.filter(name => settings.has(name));
  if (other !== undefined)
    throw usageError(`${file.path}: ${prefix}${key} and ${prefix}${other} name two keys: one of them is enough`);
  return settings;
}

function requireKnown(name: string, prefix: string, { path }: ConfigFile): ConfigKey {
  const known = configKeys.get(name);
  if (known) return known;
  const where = `${path}: ${prefix}${name}`;
  if (name === 'profile' || name === 'profiles' || name === '$schema')
    throw usageError(`${where} goes at the top level only`);
  throw usageError(
    `${where} is no setting`,
    didYouMean(name, [...(prefix ? [] : ['profiles', 'profile']), ...configKeys.keys()]) ??
      'a setting has the long name of a flag, like part-size',
  );
}

/** The text of a JSON value of the right type, which the option's own rules then judge. */
function settingOf(key: ConfigKey, value: unknown, where: string, file: ConfigFile): Setting {
  if (![key.json.type].flat().includes(kindOf(value) as never) || !isOfTexts(value))
    throw usageError(`${where} takes ${key.takes}, not ${kindOf(value)}`);
  const text = [value].flat().join('\n');
  try {
    parseValue(key, text, where);
  } catch (error) {
    if (!(error instanceof UploadError) || error.message.startsWith(where)) throw error;
    throw usageError(`${where}: ${error.message}`, error.hint);
  }
  return { text: isPath(key) ? resolvedIn(file, text) : text, where };
}

const kindOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return Number.isInteger(value) ? 'integer' : typeof value;
};

const isOfTexts = (value: unknown): boolean => !Array.isArray(value) || value.every(one => typeof one === 'string');

const isPath = ({ offers }: ConfigKey): boolean => offers === 'files' || offers === 'folders';

/** A path means the same file wherever the command is run; `-` is stdin. */
const resolvedIn = ({ folder, home }: ConfigFile, path: string): string => {
  if (path === '-' || isAbsolute(path)) return path;
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : join(folder, path);
};

const defaultProfile = (name: unknown, { path }: ConfigFile): string | undefined => {
  if (name === undefined || typeof name === 'string') return name;
  throw usageError(`${path}: profile takes the name of a profile, not ${kindOf(name)}`);
};

function requireProfile(name: string, profiles: ReadonlyMap<string, Settings>, { path }: ConfigFile): Settings {
  const found = profiles.get(name);
  if (found) return found;
  const names = [...profiles.keys()];
  const there = names.length === 0 ? 'it has no profiles' : `it has ${names.join(', ')}`;
  throw usageError(`${path} has no profile "${name}"`, didYouMean(name, names) ?? there);
}

/** A profile that says where the key is takes the place of whatever the top level says of it. */
const overlaid = (base: Settings, profile: Settings): Settings => {
  const namesKey = keyPlaces.some(name => profile.has(name));
  const kept = [...base].filter(([name]) => !(namesKey && keyPlaces.includes(name)));
  return new Map([...kept, ...profile]);
};
