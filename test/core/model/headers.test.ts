import { describe, expect, it } from 'vitest';
import { checkedHeader } from '../../../src/core/model/headers.ts';
import { parseProxy } from '../../../src/core/model/proxy-server.ts';

describe('a header of the user', () => {
  it('has its name in lower case', () => {
    expect(checkedHeader('X-Team_1', 'a\tb \u00e9', '--header')).toEqual(['x-team_1', 'a\tb \u00e9']);
    expect(checkedHeader('x', '', '--header')).toEqual(['x', '']);
  });
  it.each(['', 'a b', 'a:', 'ä', ' x', 'x\n'])('has no name like %j', name => {
    expect(() => checkedHeader(name, 'v', '--header')).toThrow('--header takes a header like "Name: value"');
  });
  it.each<readonly [name: string, hint: string | undefined]>([
    ['Authorization', 'the key comes from the environment or --api-key-file'],
    ['api-key', 'the key comes from the environment or --api-key-file'],
    ['proxy-authorization', 'give the proxy its credentials in --proxy http://user:password@host:port'],
    ...['host', 'content-type', 'content-length', 'content-encoding', 'transfer-encoding', 'connection', 'expect'].map(
      (name): readonly [string, undefined] => [name, undefined],
    ),
  ])('is not %s', (name, hint) => {
    const message = `--header may not set ${name.toLowerCase()}`;
    expect(() => checkedHeader(name, 'v', '--header')).toThrow(
      expect.objectContaining({ code: 'USAGE', message, hint }),
    );
  });
  it.each([
    'a\r\nb',
    '\u0000',
    '\u20ac',
    '\u007f',
    'ok\u0001',
  ])('has no value like %j, and no error holds it', value => {
    expect(() => checkedHeader('x', value, '--header')).toThrow(
      '--header x: the value holds characters that no header has',
    );
  });
});

describe('a proxy', () => {
  it.each([
    ['proxy:3128', { origin: 'http://proxy:3128', name: 'proxy:3128' }],
    ['https://proxy', { origin: 'https://proxy', name: 'proxy' }],
    ['HTTP://proxy/x', { origin: 'http://proxy', name: 'proxy' }],
    [
      'http://me:p%40ss@proxy:1',
      { origin: 'http://proxy:1', name: 'proxy:1', authorization: `Basic ${btoa('me:p@ss')}` },
    ],
    ['http://me@proxy', { origin: 'http://proxy', name: 'proxy', authorization: `Basic ${btoa('me:')}` }],
    ['http://:word@proxy', { origin: 'http://proxy', name: 'proxy', authorization: `Basic ${btoa(':word')}` }],
  ])('%s', (text, proxy) => expect(parseProxy(text, '--proxy')).toEqual(proxy));
  it.each(['socks5://proxy', '', 'http://', 'a b', 'file:///x'])('is not %j', text => {
    expect(() => parseProxy(text, '--proxy')).toThrow('--proxy takes the URL of an http or https proxy');
  });
  it('says how a percent sign is written', () => {
    expect(() => parseProxy('http://me:5%@proxy', '--proxy')).toThrow(
      '--proxy: a % in the user name or the password is written %25',
    );
  });
});
