import { join } from 'node:path';
import envPaths from 'env-paths';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the config file is: `$XDG_CONFIG_HOME/oai-upload`, or the platform's own place. */
export const configFolder = (env: Environment): string =>
  env['XDG_CONFIG_HOME'] ? join(env['XDG_CONFIG_HOME'], 'oai-upload') : envPaths('oai-upload', { suffix: '' }).config;

/** Where saved uploads live: `$XDG_STATE_HOME/oai-upload`, or the platform's own place. */
export const stateFolder = (env: Environment): string => {
  if (env['XDG_STATE_HOME']) return join(env['XDG_STATE_HOME'], 'oai-upload');
  const { log, data } = envPaths('oai-upload', { suffix: '' });
  return process.platform === 'darwin' || process.platform === 'win32' ? data : log;
};
