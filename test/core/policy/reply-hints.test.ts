import { expect, it } from 'vitest';
import { PROXY_AUTH_HINT, type Refusal, replyHint } from '../../../src/core/policy/reply-hints.ts';

const BASE = 'https://host/v1';
const refusal = (over: Partial<Refusal>): Refusal => ({
  endpoint: 'create',
  status: 400,
  isPage: false,
  baseUrl: BASE,
  ...over,
});
const NO_VERSION = 'check the base URL: try --base-url https://host/v1';
const NO_API = 'check that --base-url names an OpenAI-compatible API';
const FIREWALL = 'a firewall, a proxy or a login page answered';

it.each<[string, Partial<Refusal>, string]>([
  ['a quota', { isQuota: true, status: 407 }, 'waiting does not help'],
  ['a proxy that wants credentials', { status: 407 }, PROXY_AUTH_HINT],
  ['a country', { code: 'unsupported_country_region_territory' }, 'OpenAI does not serve this country'],
  ['a login page', { isPage: true, status: 401 }, FIREWALL],
  ['a firewall', { isPage: true, status: 403, endpoint: 'part' }, FIREWALL],
  ['a project of Azure', { status: 404, baseUrl: 'https://host/api/projects/p' }, 'this is the endpoint of a project'],
  ['a resource without uploads', { status: 404, baseUrl: 'https://host/openai/v1' }, 'this Azure resource takes no up'],
  ['no version, 404', { status: 404, baseUrl: 'https://host' }, NO_VERSION],
  ['no version, 405', { status: 405, baseUrl: 'https://host', endpoint: 'models' }, NO_VERSION],
  ['no version, a page', { status: 400, isPage: true, baseUrl: 'https://host', endpoint: 'files' }, NO_VERSION],
  ['no version, a page of 499', { status: 499, isPage: true, baseUrl: 'https://host', endpoint: 'file' }, NO_VERSION],
  ['no version, something that succeeded', { status: 200, baseUrl: 'https://host' }, NO_VERSION],
  ['another API', { status: 200 }, NO_API],
  ['another API with 299', { status: 299, endpoint: 'part' }, NO_API],
  ['a site', { status: 404, isPage: true }, NO_API],
])('%s has a hint', (_what, over, hint) => expect(replyHint(refusal(over))).toContain(hint));

it.each<[string, Partial<Refusal>]>([
  ['a refusal in JSON', {}],
  ['a key in JSON', { status: 401 }],
  ['a part that is not found', { status: 404, endpoint: 'part', baseUrl: 'https://host' }],
  ['a page of a gateway', { status: 500, isPage: true, baseUrl: 'https://host' }],
  ['a page of a redirection', { status: 399, isPage: true }],
  ['a page about a part', { status: 404, isPage: true, endpoint: 'part' }],
  ['before a success', { status: 199 }],
  ['after a success', { status: 300 }],
  ['another refusal without a version', { baseUrl: 'https://host' }],
  ['files of an Azure resource', { status: 404, baseUrl: 'https://host/openai/v1', endpoint: 'files' }],
  ['another refusal of an Azure resource', { status: 400, baseUrl: 'https://host/openai/v1' }],
])('%s has none', (_what, over) => expect(replyHint(refusal(over))).toBeUndefined());
