import { describe, expect, it } from 'vitest';
import { azureBaseUrl, classicBaseUrl, classicVersion } from '../../../src/core/policy/azure.ts';
import { likelyBaseUrl, normalUrl } from '../../../src/core/policy/base-url.ts';
import { isLoopback } from '../../../src/core/policy/loopback.ts';
import { plainHttpWarning } from '../../../src/core/policy/plain-http.ts';

const AZURE = 'https://me.openai.azure.com';

describe('a base URL', () => {
  it.each([
    ['https://host/v1', 'https://host/v1'],
    ['https://HOST/v1//', 'https://host/v1'],
    ['http://host', 'http://host'],
  ])('%s is spelt %s', (given, expected) => expect(normalUrl(given, 'x')).toBe(expected));
  it.each(['host/v1', 'ftp://host/v1', ''])('"%s" has no scheme that can be used', text => {
    expect(() => normalUrl(text, '--base-url')).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: `the base URL needs a scheme, like https://host/v1: "${text}"`,
        hint: 'see --base-url',
      }),
    );
  });
  it.each(['https://user@host/', 'https://:word@host/'])('%s holds credentials', text => {
    expect(() => normalUrl(text, 'x')).toThrow('the base URL must not hold a user name or password');
  });
});

describe('the base URL that was meant', () => {
  it.each([
    ['https://host', 'https://host/v1'],
    ['https://host/', 'https://host/v1'],
    ['https://host//', 'https://host/v1'],
    ['https://host/v1/files//', 'https://host/v1'],
    ['https://host/v1/files', 'https://host/v1'],
    ['https://host/v1/uploads/upload_1/parts', 'https://host/v1'],
    ['https://host/v1/chat/completions', 'https://host/v1'],
    ['https://host/v1/completions', 'https://host/v1'],
    ['https://host/proxy', 'https://host/proxy/v1'],
    ['https://host/v12/models', 'https://host/v12'],
    ['https://host/v1x', 'https://host/v1x/v1'],
  ])('by %s is %s', (given, expected) => expect(likelyBaseUrl(given)).toBe(expected));
  it.each([
    'https://host/v1',
    'https://host/v1/',
    'https://host/v2/x',
    `${AZURE}/openai/files`,
    'no url',
  ])('by %s is not another one', given => expect(likelyBaseUrl(given)).toBeUndefined());
});

describe('an Azure resource', () => {
  it.each([
    [AZURE, undefined, `${AZURE}/openai/v1`],
    [`${AZURE}//`, undefined, `${AZURE}/openai/v1`],
    [`${AZURE}/openai/v1//`, undefined, `${AZURE}/openai/v1`],
    [`${AZURE}/openai/v1/x`, undefined, `${AZURE}/openai/v1/x/openai/v1`],
    [`${AZURE}/openai`, undefined, `${AZURE}/openai/v1`],
    [`${AZURE}/openai/v1/`, '2024-10-21', `${AZURE}/openai/v1`],
    [AZURE, '2024-10-21', `${AZURE}/openai?api-version=2024-10-21`],
    [`${AZURE}/openai/`, '2024-10-21', `${AZURE}/openai?api-version=2024-10-21`],
    ['https://gateway/team?x=1', undefined, 'https://gateway/team/openai/v1'],
  ])('%s, version %s: %s', (endpoint, version, expected) => {
    expect(azureBaseUrl(endpoint, version, 'x')).toBe(expected);
  });
  it('is spoken to on the classic path with a version', () => {
    const classic = classicBaseUrl(`${AZURE}/openai/v1`, '2024-10-21');
    expect(classic).toBe(`${AZURE}/openai?api-version=2024-10-21`);
    expect(classicVersion(classic)).toBe('2024-10-21');
    expect(classicVersion(`${AZURE}/openai/v1`)).toBeUndefined();
  });
  it('says where a wrong endpoint comes from', () => {
    expect(() => azureBaseUrl('me', undefined, 'AZURE_OPENAI_ENDPOINT')).toThrow(
      expect.objectContaining({ hint: 'see AZURE_OPENAI_ENDPOINT' }),
    );
  });
});

describe('plain http', () => {
  it.each([
    'localhost',
    'a.localhost',
    '127.0.0.1',
    '127.10.20.30',
    '[::1]',
    '::1',
    'LOCALHOST.',
  ])('to %s stays on this machine', host => expect(isLoopback(host)).toBe(true));
  it.each([
    'localhost.example',
    'mylocalhost',
    '127.0.0.1.example',
    '1127.0.0.1',
    '128.0.0.1',
    '127.0.0',
    '::11',
    'x::1',
  ])('to %s does not', host => expect(isLoopback(host)).toBe(false));
  it('is warned of where it leaves this machine', () => {
    expect(plainHttpWarning(new URL('http://gateway/v1'))).toBe(
      'warning: the API key is sent to gateway without encryption; use an https base URL',
    );
    expect(plainHttpWarning(new URL('https://gateway/v1'))).toBeUndefined();
    expect(plainHttpWarning(new URL('http://127.0.0.1/v1'))).toBeUndefined();
  });
});
