import { describe, expect, it } from 'vitest';
import { destinationOf, requireKnownThere } from '../../../src/cli/connection/connection.ts';
import { destinationRecord } from '../../../src/core/model/destination.ts';

const ENDPOINT = 'https://me.openai.azure.com';
const AZURE = { AZURE_OPENAI_ENDPOINT: ENDPOINT };
const nothing = { baseUrl: undefined, organization: undefined, project: undefined };
const baseUrlOf = (env: Record<string, string>, baseUrl?: string) =>
  destinationRecord(destinationOf({ ...nothing, baseUrl }, env)).baseUrl;

describe('Azure', () => {
  it('is only where nothing else is named', () => {
    expect(baseUrlOf(AZURE)).toBe(`azure:${ENDPOINT}/openai/v1`);
    expect(baseUrlOf({ ...AZURE, OPENAI_API_KEY: 'sk-1' })).toBe('https://api.openai.com/v1');
    expect(baseUrlOf(AZURE, 'https://other/v1')).toBe('https://other/v1');
    expect(baseUrlOf({ AZURE_OPENAI_ENDPOINT: '' })).toBe('https://api.openai.com/v1');
  });

  it.each([
    ['', '/openai/v1', '/openai?api-version=2024-10-21'],
    ['/', '/openai/v1', '/openai?api-version=2024-10-21'],
    ['/openai', '/openai/v1', '/openai?api-version=2024-10-21'],
    ['/openai/', '/openai/v1', '/openai?api-version=2024-10-21'],
    ['/openai/v1', '/openai/v1', '/openai/v1'],
    ['/openai/v1/', '/openai/v1', '/openai/v1'],
    ['/gateway', '/gateway/openai/v1', '/gateway/openai?api-version=2024-10-21'],
    ['/gateway/openai?x=y#z', '/gateway/openai/v1', '/gateway/openai?api-version=2024-10-21'],
  ])('has its paths after an endpoint that ends in %j', (end, v1, classic) => {
    const env = { AZURE_OPENAI_ENDPOINT: ENDPOINT + end };
    expect(baseUrlOf(env)).toBe(`azure:${ENDPOINT}${v1}`);
    expect(baseUrlOf({ ...env, OPENAI_API_VERSION: '2024-10-21' })).toBe(`azure:${ENDPOINT}${classic}`);
  });

  it('knows no organization and no project', () => {
    expect(destinationOf({ baseUrl: undefined, organization: 'org', project: 'proj' }, AZURE)).toEqual({
      kind: 'azure',
      baseUrl: `${ENDPOINT}/openai/v1`,
    });
  });

  it('refuses --expires-after where the classic API would ignore it', () => {
    const classic = destinationOf(nothing, { ...AZURE, OPENAI_API_VERSION: '2024-10-21' });
    expect(() => requireKnownThere(classic, 3600)).toThrow('Azure has no --expires-after');
    expect(() => requireKnownThere(classic, undefined)).not.toThrow();
    expect(() => requireKnownThere(destinationOf(nothing, AZURE), 3600)).not.toThrow();
    expect(() => requireKnownThere(destinationOf(nothing, {}), 3600)).not.toThrow();
  });

  it('names the variable of a wrong endpoint', () => {
    expect(() => baseUrlOf({ AZURE_OPENAI_ENDPOINT: 'me.openai.azure.com' })).toThrow('needs a scheme');
  });
});
