import { fixedKey } from '../core/model/api-key.ts';
import { checkedHeader } from '../core/model/headers.ts';
import { parseProxy } from '../core/model/proxy-server.ts';
import type { Destination } from '../core/model/request.ts';
import { checkedKey } from '../core/policy/api-key.ts';
import { DEFAULT_BASE_URL, normalUrl } from '../core/policy/base-url.ts';
import type { Access, Network } from '../engine/access.ts';
import { openSecureContext } from '../io/net/secure-context.ts';
import type { PushOptions } from './options.ts';

/** The API that the options name; where they leave it open, the variables of OpenAI's own SDKs do. */
export const accessOf = async (options: PushOptions, env: NodeJS.ProcessEnv): Promise<Access> => {
  const destination = destinationOf(options, env);
  return {
    destination,
    baseUrl: destination.baseUrl,
    key: fixedKey(
      checkedKey(options.apiKey ?? env['OPENAI_API_KEY'], {
        missing: 'there is no option apiKey, and OPENAI_API_KEY is not set',
        hint: 'give one of the two',
      }),
    ),
    network: await networkOf(options, env),
  };
};

// An empty variable is how a shell says "not set".
const destinationOf = ({ baseUrl, organization, project }: PushOptions, env: NodeJS.ProcessEnv): Destination => {
  const [org, proj] = [organization ?? env['OPENAI_ORG_ID'], project ?? env['OPENAI_PROJECT_ID']];
  return {
    baseUrl: normalUrl(baseUrl ?? (env['OPENAI_BASE_URL'] || DEFAULT_BASE_URL), 'baseUrl and OPENAI_BASE_URL'),
    ...(org && { organization: org }),
    ...(proj && { project: proj }),
  };
};

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
