import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requireTrusted } from '../../../src/cli/connection/trusted-destination.ts';
import { UploadError } from '../../../src/core/errors/errors.ts';
import { destinationFrom } from '../../../src/core/model/destination.ts';
import { azureBaseUrl } from '../../../src/core/policy/azure.ts';

const nothing = { baseUrl: undefined, organization: undefined, project: undefined };

const refusalOf = (baseUrl: string, options: Partial<typeof nothing> | { baseUrl: string } = {}, env = {}) => {
  try {
    requireTrusted(destinationFrom({ baseUrl }), { ...nothing, ...options }, env);
    return undefined;
  } catch (error) {
    return error as UploadError;
  }
};

const OWN = [
  'https://api.openai.com/v1',
  'https://eu.api.openai.com/v1',
  'https://us.api.openai.com/v1',
  'azure:https://me.openai.azure.com/openai/v1',
  'azure:https://me.cognitiveservices.azure.com/openai?api-version=2024-10-21',
  'azure:https://me.services.ai.azure.com/openai/v1',
  'https://me.openai.azure.us/openai/v1',
  'https://me.cognitiveservices.azure.us/openai/v1',
  'https://me.services.ai.azure.us/openai/v1',
  'https://me.openai.azure.cn/openai/v1',
  'https://me.cognitiveservices.azure.cn/openai/v1',
  'https://me.services.ai.azure.cn/openai/v1',
];

const LOOK_ALIKES = [
  'http://api.openai.com/v1',
  'https://api.openai.com:8443/v1',
  'https://api.openai.com.example/v1',
  'https://xapi.openai.com/v1',
  'https://a.b.api.openai.com.evil/v1',
  'https://api.openai.com@example.com/v1',
  'https://example.com/api.openai.com/v1',
  'https://example.com#.api.openai.com',
  'https://openai.azure.com/openai/v1',
  'https://me.openai.azure.com.example/openai/v1',
  'https://me.azure.com/openai/v1',
  'https://meopenai.azure.com/openai/v1',
  'azure:http://me.openai.azure.com/openai/v1',
  'azure:https://127.0.0.1/openai/v1',
  'http://127.0.0.1:8080/v1',
  'ftp://api.openai.com/v1',
  'azure:azure:https://api.openai.com/v1',
  'no url',
  '',
];

describe('12.7: which saved destination is trusted', () => {
  it.each(OWN)('%s is a host of OpenAI or Azure', url => expect(refusalOf(url)).toBeUndefined());

  it.each(LOOK_ALIKES)('"%s" is not', url => {
    const refusal = refusalOf(url);
    expect(refusal).toBeInstanceOf(UploadError);
    expect(refusal).toMatchObject({ code: 'USAGE', exitCode: 2, reason: 'other-destination' });
    expect(refusal?.hint).toContain('--base-url');
  });

  it('any URL is trusted where the base URL names exactly it, and only there', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), fc.webUrl(), (saved, other) => {
        const trusted = normal(saved);
        fc.pre(normal(other) !== trusted && !OWN.includes(trusted));
        expect(refusalOf(trusted, { baseUrl: saved })).toBeUndefined();
        expect(refusalOf(`azure:${trusted}`, { baseUrl: saved })).toBeUndefined();
        expect(refusalOf(trusted, { baseUrl: other })?.hint).toContain(trusted);
      }),
    );
  });

  it.each([
    undefined,
    '2024-10-21',
  ])('the resource of AZURE_OPENAI_ENDPOINT is, whatever the api-version (%s)', version => {
    const saved = `azure:${azureBaseUrl('https://gateway.example/team', version, 'the test')}`;
    const env = { AZURE_OPENAI_ENDPOINT: 'https://gateway.example/team/', OPENAI_API_VERSION: '2025-01-01' };
    expect(refusalOf(saved, {}, env)).toBeUndefined();
    expect(refusalOf(saved, {}, { AZURE_OPENAI_ENDPOINT: 'https://gateway.example/other' })).toBeDefined();
    expect(refusalOf(saved.replace('azure:', ''), {}, env)).toBeDefined();
  });

  it('the embedded server is: nothing leaves this machine', () =>
    expect(refusalOf('local:/tmp/folder')).toBeUndefined());
});

const normal = (url: string): string => new URL(url).href.replace(/\/+$/, '');
