import { resolve } from 'node:path';
import { configuredKeyOptions } from '../../cli/config/keys.ts';
import { globalOptions } from '../../cli/options/global-options.ts';
import type { Values } from '../../cli/options/option.ts';
import { noSettings, type RawOptions, resolveOptions } from '../../cli/options/resolve.ts';
import type { World } from '../../cli/process-context.ts';
import { stateFolder } from '../../io/state/folders.ts';

export type GlobalValues = Values<typeof globalOptions> & {
  /** Where the config file says that the key is: what this run and the environment say of it comes before. */
  readonly configured: Values<typeof configuredKeyOptions>;
};

const { apiKeyFile, apiKeyCommand } = globalOptions;
const ofThisRun = { apiKeyFile, apiKeyCommand };

/** The values of the options that every command has. */
export const globalsOf = (raw: RawOptions, { env }: Pick<World, 'env'>): GlobalValues => ({
  ...resolveOptions(globalOptions, raw, env),
  ...resolveOptions(ofThisRun, { ...raw, settings: noSettings }, env),
  configured: resolveOptions(configuredKeyOptions, { ...raw, flags: {} }, {}),
});

/** The folder of everything that is saved. */
export const stateDirOf = ({ stateDir }: GlobalValues, { env }: Pick<World, 'env'>): string =>
  resolve(stateDir ?? stateFolder(env));
