import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { findJsonFault } from '../../check/json/fault.ts';
import { settingsOf } from '../../cli/config/config.ts';
import { profileOption } from '../../cli/options/global-options.ts';
import { type Flags, noSettings, resolveOptions, type Settings } from '../../cli/options/resolve.ts';
import type { World } from '../../cli/process-context.ts';
import { usageError } from '../../core/errors/errors.ts';
import { configFolder } from '../../io/state/folders.ts';
import { readNamed } from '../../io/state/own-file.ts';

/** What the config file says to this run; nothing where there is none. */
export const readConfig = async (flags: Flags, { env }: Pick<World, 'env'>): Promise<Settings> => {
  const { profile } = resolveOptions(profileOption, { flags, settings: noSettings }, env);
  const path = configPath(env);
  const text = await textOf(path);
  if (text !== undefined)
    return settingsOf({ path, document: parsed(text, path), folder: dirname(path), home: homedir() }, profile);
  if (profile !== undefined) throw usageError(`there is no profile "${profile}", since there is no ${path}`);
  return noSettings;
};

/** The profiles that `--profile` may name. */
export const profileNames = async (env: World['env']): Promise<readonly string[]> => {
  const { profiles } = JSON.parse((await textOf(configPath(env))) ?? '{}');
  return Object.keys(profiles ?? {});
};

const configPath = (env: World['env']): string => join(configFolder(env), 'config.json');

const MAX_CONFIG_BYTES = 1024 ** 2;

const textOf = (path: string): Promise<string | undefined> =>
  readNamed(path, MAX_CONFIG_BYTES).catch(error => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw usageError(`the config file ${path} cannot be read: ${error.message}`);
  });

function parsed(text: string, path: string): unknown {
  const json = text.replace(/^\ufeff/, '');
  try {
    return JSON.parse(json);
  } catch {
    const { index, message } = findJsonFault(json, { name: 'the file', atEnd: '' }) ?? { index: 0, message: 'no JSON' };
    const lines = json.slice(0, index).split('\n');
    throw usageError(`${path}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}: ${message}`);
  }
}
