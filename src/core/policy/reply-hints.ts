import type { Endpoint } from '../events/events.ts';
import { likelyBaseUrl } from './base-url.ts';

/** A reply that is not the one that was requested, as far as a hint depends on it. */
export type Refusal = {
  readonly endpoint: Endpoint;
  readonly status: number;
  readonly code?: string | undefined;
  readonly isQuota?: boolean;
  /** It is a page for a browser. */
  readonly isPage: boolean;
  readonly baseUrl: string;
};

/** How a proxy is told who we are. */
export const PROXY_AUTH_HINT =
  'give the proxy a user name and a password: --proxy http://user:password@host:port, or HTTPS_PROXY';

type Row = readonly [applies: (refusal: Refusal) => boolean, hint: (refusal: Refusal) => string];

const ROWS: readonly Row[] = [
  [({ isQuota = false }) => isQuota, () => 'waiting does not help: free storage, or raise the limit of the account'],
  [({ status }) => status === 407, () => PROXY_AUTH_HINT],
  [
    ({ code }) => code === 'unsupported_country_region_territory',
    () =>
      'OpenAI does not serve this country, region or territory: see https://platform.openai.com/docs/supported-countries',
  ],
  [
    ({ isPage, status }) => isPage && (status === 401 || status === 403),
    () => 'a firewall, a proxy or a login page answered instead of the API: check the network, --proxy and --base-url',
  ],
  [
    refusal => isAboutBaseUrl(refusal) && refusal.baseUrl.includes('/api/projects/'),
    () => 'this is the endpoint of a project: name that of the resource, like https://NAME.openai.azure.com',
  ],
  // Azure's guides: some resources answer 404 to uploads on the v1 path.
  [
    ({ endpoint, status, baseUrl }) => endpoint === 'create' && status === 404 && baseUrl.endsWith('/openai/v1'),
    () =>
      'this Azure resource takes no uploads on its v1 API: name it with AZURE_OPENAI_ENDPOINT, set OPENAI_API_VERSION=2024-10-21, and leave out --expires-after',
  ],
  [
    refusal => isAboutBaseUrl(refusal) && likelyBaseUrl(refusal.baseUrl) !== undefined,
    ({ baseUrl }) => `check the base URL: try --base-url ${likelyBaseUrl(baseUrl)}`,
  ],
  [
    refusal => isSuccess(refusal) || isForeignPage(refusal),
    () => 'check that --base-url names an OpenAI-compatible API',
  ],
];

const isSuccess = ({ status }: Refusal): boolean => status >= 200 && status <= 299;

/** Every server has these, so that a refusal may be about the path before them. */
const EXISTING: readonly Endpoint[] = ['create', 'files', 'file', 'models'];

/** Gateways send a page with a 5xx too, and then only time helps. */
const isForeignPage = ({ endpoint, status, isPage }: Refusal): boolean =>
  EXISTING.includes(endpoint) && isPage && status >= 400 && status <= 499;

const isAboutBaseUrl = (refusal: Refusal): boolean =>
  isForeignPage(refusal) ||
  (EXISTING.includes(refusal.endpoint) && (refusal.status === 404 || refusal.status === 405 || isSuccess(refusal)));

/** What helps against a reply, where its status, its code or its form tells; the first row that applies. */
export const replyHint = (refusal: Refusal): string | undefined =>
  ROWS.find(([applies]) => applies(refusal))?.[1](refusal);
