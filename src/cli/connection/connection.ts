import { UploadError, usageError } from '../../core/errors/errors.ts';
import type { ApiKey } from '../../core/model/api-key.ts';
import type { Destination } from '../../core/model/destination.ts';
import { checkedKey } from '../../core/policy/api-key.ts';
import { azureBaseUrl, classicVersion } from '../../core/policy/azure.ts';
import { DEFAULT_BASE_URL, normalUrl } from '../../core/policy/base-url.ts';
import type { Environment } from '../options/resolve.ts';
import { tildeHint } from '../shell-hints.ts';

export type DestinationOptions = {
  readonly baseUrl: string | undefined;
  readonly organization: string | undefined;
  readonly project: string | undefined;
};

/** Whether the API is Azure's: only where nothing else is named and there is no key for anything else. */
export const isAzure = ({ baseUrl }: DestinationOptions, env: Environment): boolean =>
  Boolean(env['AZURE_OPENAI_ENDPOINT']) && baseUrl === undefined && !env['OPENAI_API_KEY'];

/** Where the API is, in one spelling. */
export const destinationOf = (
  options: DestinationOptions,
  env: Environment,
): Exclude<Destination, { kind: 'local' }> => {
  const { baseUrl, organization, project } = options;
  if (isAzure(options, env)) {
    const endpoint = env['AZURE_OPENAI_ENDPOINT'] ?? '';
    return { kind: 'azure', baseUrl: azureBaseUrl(endpoint, env['OPENAI_API_VERSION'], 'AZURE_OPENAI_ENDPOINT') };
  }
  return {
    kind: 'openai',
    baseUrl: normalUrl(baseUrl ?? DEFAULT_BASE_URL, '--base-url and OPENAI_BASE_URL'),
    ...(organization && { organization }),
    ...(project && { project }),
  };
};

/** Refuses what the destination would ignore. */
export const requireKnownThere = (destination: Destination, expiresAfterSeconds: number | undefined): void => {
  if (expiresAfterSeconds === undefined || destination.kind !== 'azure') return;
  if (classicVersion(destination.baseUrl) === undefined) return;
  throw usageError(
    'Azure has no --expires-after where OPENAI_API_VERSION is set',
    "leave it out, or unset OPENAI_API_VERSION for Azure's v1 API",
  );
};

/** What names a place of the key: for this run, and in the config file. */
export type KeySources = {
  readonly apiKeyFile: string | undefined;
  readonly apiKeyCommand: string | undefined;
  readonly configured: {
    readonly apiKeyFile: string | undefined;
    readonly apiKeyCommand: string | undefined;
    readonly apiKeyVariable: string | undefined;
  };
};

/** Where the key is, and what people call it. */
export type KeyPlace = {
  readonly kind: 'file' | 'variable' | 'command';
  /** A path, a variable's name, or a command. */
  readonly name: string;
  readonly told: string;
  /** The place in the config file that this one came before. */
  readonly insteadOf?: string;
};

/** The file or the command of this run, then the variables that every tool knows, then what the config file names. */
export const keyPlaceOf = (
  { apiKeyFile, apiKeyCommand, configured }: KeySources,
  azure: boolean,
  env: Environment,
): KeyPlace => {
  const variable = variablePlace(keyVariable(azure, env));
  if (apiKeyFile !== undefined && apiKeyCommand !== undefined)
    throw usageError('--api-key-file and --api-key-command both name the key: leave one of them out');
  if (apiKeyFile !== undefined) return { kind: 'file', name: apiKeyFile, told: `--api-key-file ${apiKeyFile}` };
  if (apiKeyCommand !== undefined) return { kind: 'command', name: apiKeyCommand, told: '--api-key-command' };
  const inConfig = configuredPlace(configured);
  if (!env[variable.name]) return inConfig ?? variable;
  return inConfig && inConfig.name !== variable.name ? { ...variable, insteadOf: inConfig.told } : variable;
};

/** A Microsoft Entra token comes before a key, as in OpenAI's SDKs. */
const keyVariable = (azure: boolean, env: Environment): string => {
  if (!azure) return 'OPENAI_API_KEY';
  return env[ENTRA_TOKEN] ? ENTRA_TOKEN : 'AZURE_OPENAI_API_KEY';
};

const ENTRA_TOKEN = 'AZURE_OPENAI_AD_TOKEN';

/** The header of a key: Azure's own takes what is a key, not a token of Microsoft Entra. A command prints such a token. */
export const keyHeaderOf = ({ kind, name }: KeyPlace, azure: boolean): ApiKey['header'] =>
  azure && kind !== 'command' && name !== ENTRA_TOKEN ? 'api-key' : 'authorization';

const configuredPlace = ({
  apiKeyFile,
  apiKeyCommand,
  apiKeyVariable,
}: KeySources['configured']): KeyPlace | undefined => {
  if (apiKeyCommand !== undefined)
    return { kind: 'command', name: apiKeyCommand, told: "the config file's api-key-command" };
  if (apiKeyFile !== undefined)
    return { kind: 'file', name: apiKeyFile, told: `the config file's api-key-file ${apiKeyFile}` };
  return apiKeyVariable === undefined ? undefined : variablePlace(apiKeyVariable);
};

const variablePlace = (name: string): KeyPlace => ({ kind: 'variable', name, told: name });

/** How the places of a key are read; `readFile` rejects where there is no such file. */
export type KeyReaders = {
  readFile(path: string): Promise<string>;
  /** The key that a command prints; `told` is what people call it. */
  run(command: string, told: string): Promise<string>;
};

/** The key of a place. */
export const readKey = async (
  { kind, name, told }: KeyPlace,
  env: Environment,
  { readFile, run }: KeyReaders,
): Promise<string> => {
  if (kind === 'command') return run(name, told);
  if (kind === 'variable') return requireKey(env[name], `${told} is not set`, name);
  const text = await readFile(name).catch(error => {
    throw new UploadError('USAGE', `${told} cannot be read: ${error.message}`, {
      reason: 'no-key',
      hint: tildeHint(name),
      cause: error,
    });
  });
  return requireKey(text, `${told} is empty`, 'OPENAI_API_KEY');
};

const requireKey = (text: string | undefined, missing: string, variable: string): string =>
  checkedKey(text, {
    missing,
    hint: `set ${variable} or name a file with --api-key-file; to try without a key, push with --local`,
  });
