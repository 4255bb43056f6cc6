import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../../src/cli/connection/proxy.ts';

const PROXY = 'http://proxy.corp:3128';
const target = (url = 'https://api.openai.com/v1') => new URL(url);
const nameFor = (url: string, env: Record<string, string>, explicit?: string) =>
  proxyFor(target(url), explicit, env)?.name;

describe('the environment', () => {
  it('has a proxy for each scheme, in lower case first', () => {
    const env = { HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://b:2' };
    expect(nameFor('https://api.openai.com', env)).toBe('a:1');
    expect(nameFor('http://api.internal', env)).toBe('b:2');
    expect(nameFor('https://api.openai.com', { ...env, https_proxy: 'c:3' })).toBe('c:3');
    expect(nameFor('https://api.openai.com', { ...env, https_proxy: '' })).toBe('a:1');
    expect(nameFor('https://api.openai.com', {})).toBeUndefined();
  });

  it.each([
    'http://localhost:1',
    'http://a.localhost',
    'http://127.0.0.1',
    'http://127.9.9.9',
    'http://[::1]:8080',
  ])('has none for this machine: %s', url => {
    expect(nameFor(url, { HTTP_PROXY: PROXY })).toBeUndefined();
    expect(nameFor(url, {}, PROXY)).toBe('proxy.corp:3128');
  });

  it('comes after --proxy', () => {
    expect(nameFor('https://api.openai.com', { HTTPS_PROXY: 'http://a:1' }, PROXY)).toBe('proxy.corp:3128');
  });
});

it.each([
  ['*', true],
  ['api.openai.com', true],
  ['API.OpenAI.com', true],
  ['openai.com', true],
  ['.openai.com', true],
  ['*.openai.com', true],
  ['penai.com', false],
  ['example.com, openai.com', true],
  ['example.com openai.com', true],
  ['openai.com:443', true],
  ['openai.com:8443', false],
  ['api.openai.com.evil', false],
  ['', false],
  [',', false],
  ['.', false],
])('NO_PROXY %j exempts api.openai.com: %s', (list, exempt) => {
  for (const name of ['NO_PROXY', 'no_proxy']) {
    const env = { HTTPS_PROXY: PROXY, [name]: list };
    expect(nameFor('https://api.openai.com/v1', env) === undefined).toBe(exempt);
    expect(nameFor('https://api.openai.com./v1', env, PROXY) === undefined).toBe(exempt);
  }
});

it.each([
  ['10.1.2.3', 'http://10.1.2.3:8080', true],
  ['10.1.2.3:8080', 'http://10.1.2.3:8080', true],
  ['10.1.2.3:80', 'http://10.1.2.3:8080', false],
  ['2.3', 'http://10.1.2.30', false],
  ['fd00::1', 'http://[fd00::1]:8080', true],
  ['[fd00::1]', 'http://[fd00::1]:8080', true],
  ['[fd00::1]:8080', 'http://[fd00::1]:8080', true],
  ['[fd00::1]:81', 'http://[fd00::1]:8080', false],
])('NO_PROXY %j exempts %s: %s', (list, url, exempt) => {
  expect(nameFor(url, { HTTP_PROXY: PROXY, NO_PROXY: list }) === undefined).toBe(exempt);
});

it('decodes credentials, and keeps them out of the name', () => {
  expect(proxyFor(target(), 'http://me:p%40ss%3A%25@proxy:3128', {})).toEqual({
    origin: 'http://proxy:3128',
    name: 'proxy:3128',
    authorization: `Basic ${Buffer.from('me:p@ss:%').toString('base64')}`,
  });
  expect(proxyFor(target(), 'me@proxy', {})?.authorization).toBe(`Basic ${btoa('me:')}`);
});

it.each([
  ['proxy:3128', 'http://proxy:3128', 'proxy:3128'],
  ['http://proxy', 'http://proxy', 'proxy'],
  ['https://proxy:8443/', 'https://proxy:8443', 'proxy:8443'],
  ['http://[::1]:3128', 'http://[::1]:3128', '[::1]:3128'],
])('reads %s', (text, origin, name) => {
  expect(proxyFor(target(), text, {})).toEqual({ origin, name });
});

it.each([
  'socks5://me:pw@proxy:1080',
  'http://',
  '://',
  'http://me:100%@proxy',
  'proxy:port',
])('refuses %s by the name of where it was, without repeating it', text => {
  for (const env of [{ HTTPS_PROXY: text }, {}]) {
    const where = 'HTTPS_PROXY' in env ? undefined : text;
    expect(() => proxyFor(target(), where, env)).toThrow(where === undefined ? /^HTTPS_PROXY/ : /^--proxy/);
    expect(() => proxyFor(target(), where, env)).not.toThrow(text.replace(/^.*:\/\//, '') || 'nothing at all');
  }
});
