import { usageError } from '../core/errors/errors.ts';
import { type ApiKey, fixedKey } from '../core/model/api-key.ts';
import type { Destination } from '../core/model/destination.ts';
import { checkedHeader } from '../core/model/headers.ts';
import { parseProxy } from '../core/model/proxy-server.ts';
import { checkedKey } from '../core/policy/api-key.ts';
import { azureBaseUrl } from '../core/policy/azure.ts';
import { DEFAULT_BASE_URL, normalUrl } from '../core/policy/base-url.ts';
import type { Access, Network } from '../engine/access.ts';
import { openSecureContext } from '../io/net/secure-context.ts';
import type { PushOptions } from './options.ts';

/** The API that the options name; where they leave it open, the variables of OpenAI's own SDKs do. */
export const accessOf = async (options: PushOptions, env: NodeJS.ProcessEnv): Promise<Access> => {
  const destination =
    options.azureEndpoint === undefined ? openAiOf(options, env) : azureOf(options, options.azureEndpoint);
  return {
    destination,
    baseUrl: destination.baseUrl,
    key: destination.kind === 'azure' ? azureKeyOf(options) : openAiKeyOf(options, env),
    network: await networkOf(options, env),
  };
};

type Remote<Kind> = Extract<Destination, { kind: Kind }>;

// An empty variable is how a shell says "not set".
const openAiOf = (options: PushOptions, env: NodeJS.ProcessEnv): Remote<'openai'> => {
  const { baseUrl, organization, project } = options;
  if (options.azureApiVersion !== undefined || options.azureAdToken !== undefined)
    throw usageError('the options azureApiVersion and azureAdToken belong to azureEndpoint, which is missing');
  const [org, proj] = [organization ?? env['OPENAI_ORG_ID'], project ?? env['OPENAI_PROJECT_ID']];
  return {
    kind: 'openai',
    baseUrl: normalUrl(baseUrl ?? (env['OPENAI_BASE_URL'] || DEFAULT_BASE_URL), 'baseUrl and OPENAI_BASE_URL'),
    ...(org && { organization: org }),
    ...(proj && { project: proj }),
  };
};

const azureOf = ({ baseUrl, azureApiVersion }: PushOptions, endpoint: string): Remote<'azure'> => {
  if (baseUrl !== undefined)
    throw usageError('the options baseUrl and azureEndpoint both name the API: leave one of them out');
  return { kind: 'azure', baseUrl: azureBaseUrl(endpoint, azureApiVersion, 'azureEndpoint') };
};

const openAiKeyOf = ({ apiKey }: PushOptions, env: NodeJS.ProcessEnv): ApiKey =>
  fixedKey(
    checkedKey(apiKey ?? env['OPENAI_API_KEY'], {
      missing: 'there is no option apiKey, and OPENAI_API_KEY is not set',
      hint: 'give one of the two',
    }),
  );

/** No variable: a key of OpenAI's must not go to Azure. A token comes before a key, as in OpenAI's SDKs. */
const azureKeyOf = ({ apiKey, azureAdToken }: PushOptions): ApiKey =>
  fixedKey(
    checkedKey(azureAdToken ?? apiKey, {
      missing: 'there is neither an option apiKey nor azureAdToken',
      hint: 'give one of the two',
    }),
    azureAdToken === undefined ? 'api-key' : 'authorization',
  );

const networkOf = async (options: PushOptions, env: NodeJS.ProcessEnv): Promise<Network> => {
  const { headers = {}, proxy, caFile, clientCertFile: clientCert, clientKeyFile: clientKey } = options;
  return {
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => checkedHeader(name, value, 'the option headers')),
    ),
    proxy: proxy === undefined ? undefined : parseProxy(proxy, 'the option proxy'),
    secureContext: await openSecureContext({ caFile, clientCert, clientKey, extraCaFile: env['NODE_EXTRA_CA_CERTS'] }),
  };
};
